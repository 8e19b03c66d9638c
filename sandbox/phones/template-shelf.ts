/** The wordings that one company was asked to approve. */
import { randomUUID } from 'node:crypto'
import { waitUnlessStopped } from './webhooks.ts'
import type { TemplateShelf, WireTemplate } from './wire.ts'

interface TemplateShelfParts {
  /** Called when somebody, or time, has judged. */
  judged(template: WireTemplate): void
  /** Milliseconds after which what nobody judged is approved by itself; without it, never. */
  approvedAfter?: number
  stopped: AbortSignal
}

export function createTemplateShelf({ judged, approvedAfter, stopped }: TemplateShelfParts): TemplateShelf {
  const templates = new Map<string, WireTemplate>()
  const decide = (template: WireTemplate, status: 'approved' | 'rejected', because?: string) => {
    template.status = status
    template.because = because
    judged(template)
  }
  return {
    submit: (submitted) => {
      const id = submitted.id ?? randomUUID().replaceAll('-', '')
      const template: WireTemplate = { ...submitted, id, status: 'pending' }
      templates.set(id, template)
      if (approvedAfter !== undefined)
        void waitUnlessStopped(approvedAfter, stopped).then((isOver) => {
          if (isOver && template.status === 'pending') decide(template, 'approved')
        })
      return template
    },
    all: () => [...templates.values()],
    find: (wanted) =>
      'id' in wanted
        ? templates.get(wanted.id)
        : // What was submitted again under its name is the wording that counts.
          [...templates.values()].findLast(
            ({ name, language }) => name === wanted.name && language === wanted.language,
          ),
    judge: (name, decision, because) => {
      const named = [...templates.values()].filter((template) => template.name === name)
      for (const template of named)
        decide(template, decision === 'approve' ? 'approved' : 'rejected', because)
      return named
    },
  }
}

/** The wording as the patient reads it: `{{1}}` is the first value. */
export function wordingOf({ body }: WireTemplate, values: readonly string[]): string {
  return body.replace(/\{\{(\d+)\}\}/g, (gap, number) => values[Number(number) - 1] ?? gap)
}
