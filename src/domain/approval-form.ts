/**
 * How a wording of ours looks to a company that approves it: `{{1}}`, `{{2}}` … for what changes. A wording with optional
 * parts is two forms, with all of them (`full`) and with none (`brief`), because no value may be empty.
 */
import { Liquid } from 'liquidjs'
import type { TemplateApproval, TemplateSubmission } from './approval.ts'
import type { Language } from './language.ts'
import type { MessageCategory } from './message-request.ts'
import { renderExpression, type Template, type TemplateAsk, type TemplateContent } from './template.ts'
import { optionalIn } from './template-parameters.ts'

export interface ApprovalForm {
  /** As the company knows it: template, version and form. */
  name: string
  language: Language
  body: string
  /** What stands for `{{1}}` …: `patient`, `start | day`. */
  expressions: string[]
  /** Parameters that must be there for it to be used. */
  needs: string[]
}

/** Answers go out while the window is open, in our own words: only what begins a conversation is submitted. */
const beginsConversations: readonly MessageCategory[] = ['reminder']

/** In the order of preference for each language: the fuller one first. */
export function approvalForms(template: Template): ApprovalForm[] {
  if (!beginsConversations.includes(template.category)) return []
  const contents = template.contents.filter(({ channel }) => channel === 'whatsapp')
  return contents.flatMap((content) => formsOf(template, content))
}

function formsOf({ name, version }: Template, content: TemplateContent): ApprovalForm[] {
  const optional = optionalIn(content.body)
  const toForm = (form: 'full' | 'brief', absent: string[]): ApprovalForm | undefined => {
    const outline = outlineOf(content.body, absent)
    return (
      outline && {
        ...outline,
        name: `${name}_${version}_${form}`.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
        language: content.language,
        needs: optional.filter((one) => !absent.includes(one)),
      }
    )
  }
  const full = toForm('full', [])
  const brief = toForm('brief', optional)
  return [full, optional.length > 0 ? brief : undefined].filter((form) => form !== undefined)
}

/** No character of any wording. */
const [open, close] = ['\u{E000}', '\u{E001}']

/** Renders it with names for values: what comes out is the text with its places marked. */
function outlineOf(body: string, absent: string[]): Pick<ApprovalForm, 'body' | 'expressions'> | undefined {
  const liquid = new Liquid({ strictVariables: false, strictFilters: true })
  const named = (filter: string) => (value: unknown) =>
    `${open}${String(value).slice(1, -1)} | ${filter}${close}`
  for (const filter of ['day', 'time', 'times']) liquid.registerFilter(filter, named(filter))
  try {
    const names = liquid.globalVariablesSync(liquid.parse(body))
    const values = names
      .filter((name) => !absent.includes(name))
      .map((name) => [name, `${open}${name}${close}`])
    const text = liquid.parseAndRenderSync(body, Object.fromEntries(values)).trim()
    return number(text)
  } catch {
    return undefined
  }
}

function number(text: string): Pick<ApprovalForm, 'body' | 'expressions'> {
  const expressions: string[] = []
  const body = text.replace(new RegExp(`${open}([^${close}]+)${close}`, 'gu'), (_, expression: string) => {
    if (!expressions.includes(expression)) expressions.push(expression)
    return `{{${expressions.indexOf(expression) + 1}}}`
  })
  return { body, expressions }
}

const sampleStart = '2026-03-09T06:30:00Z'
const sampleOthers = '2026-03-09T08:00:00Z'
const samples: Record<Language, Record<string, string>> = {
  en: { patient: 'Sara', clinic: 'Palm Clinic', place: 'Room 2', practitioner: 'Dr Noor Haddad' },
  ar: { patient: 'سارة', clinic: 'عيادة النخيل', place: 'غرفة ٢', practitioner: 'د. نور حداد' },
  hi: { patient: 'सारा', clinic: 'पाम क्लिनिक', place: 'कमरा 2', practitioner: 'डॉ. नूर हद्दाद' },
}

export function toSubmission({ name, language, body, expressions }: ApprovalForm): TemplateSubmission {
  const parameters = { start: sampleStart, others: sampleOthers, ...samples[language] }
  const ask = { channel: 'whatsapp', language, tag: language, zone: 'Asia/Dubai', parameters } as const
  return {
    ...{ name, language, body, category: 'UTILITY' },
    samples: expressions.map((expression) => renderExpression(expression, ask) ?? expression),
  }
}

/** An approved form of this sender's that all values are known for; the fuller one where both are approved. */
export function usableForm(
  template: Template,
  sender: string,
  ask: Omit<TemplateAsk, 'channel'>,
): { approval: TemplateApproval; values: string[]; body: string } | undefined {
  for (const form of approvalForms(template)) {
    const approval = template.approvals?.find(
      (one) => one.sender === sender && one.name === form.name && one.language === form.language,
    )
    const isKnown = form.needs.every((name) => ask.parameters[name]?.trim())
    if (form.language !== ask.language || approval?.status !== 'approved' || !isKnown) continue
    const values = form.expressions.map((one) => renderExpression(one, { ...ask, channel: 'whatsapp' }))
    if (values.every((value) => value !== undefined)) return { approval, values, body: form.body }
  }
  return undefined
}
