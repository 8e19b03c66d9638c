/**
 * list-templates: what may be sent, and what companies said of it.
 * in: the templates in the store · decides: nothing · out: nothing is written
 */
import type { TemplateApproval } from '../domain/approval.ts'
import { approvalForms } from '../domain/approval-form.ts'
import type { Channel } from '../domain/channel.ts'
import type { Language } from '../domain/language.ts'
import { asksForVisit, isForSending, type Template } from '../domain/template.ts'
import { parametersOf, type TemplateParameters } from '../domain/template-parameters.ts'
import { toIso } from '../domain/time.ts'
import { fromActivityDefinition } from '../fhir/template.ts'
import type { World } from './ports.ts'

export interface TemplateState {
  name: string
  version: string
  title: string
  channels: Channel[]
  languages: Language[]
  values: TemplateParameters
  asksForVisit: boolean
  /** `body` is the wording as a company sees it: where it takes none by its API, an admin submits it in its console. */
  approvals: (Omit<TemplateApproval, 'at' | 'id'> & { at: string; body?: string })[]
}

export async function listTemplates({ store }: Pick<World, 'store'>): Promise<TemplateState[]> {
  const found = await store.search('ActivityDefinition', { status: 'active' })
  const templates = found.flatMap((resource) => fromActivityDefinition(resource) ?? [])
  return templates
    .filter(isForSending)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))
    .map((template) => ({ template, approvals: template.approvals ?? [] }))
    .map(({ template, approvals }) => ({
      ...{ name: template.name, version: template.version, title: template.title },
      channels: [...new Set(template.contents.map(({ channel }) => channel))],
      languages: [...new Set(template.contents.map(({ language }) => language))],
      values: parametersOf(template),
      asksForVisit: asksForVisit(template),
      approvals: approvals.map((approval) => told(template, approval)),
    }))
}

function told(template: Template, { id: _id, at, ...approval }: TemplateApproval) {
  const form = approvalForms(template).find(
    ({ name, language }) => name === approval.name && language === approval.language,
  )
  return { ...approval, ...(form && { body: form.body }), at: toIso(at) }
}
