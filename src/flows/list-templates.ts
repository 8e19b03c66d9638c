/**
 * list-templates: what may be sent, and what companies said of it.
 * in: the templates in the store · decides: nothing · out: nothing is written
 */
import type { TemplateApproval } from '../domain/approval.ts'
import type { Channel } from '../domain/channel.ts'
import type { Language } from '../domain/language.ts'
import { asksForVisit, isForSending } from '../domain/template.ts'
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
  approvals: (Omit<TemplateApproval, 'at' | 'id'> & { at: string })[]
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
      approvals: approvals.map(({ id: _id, at, ...approval }) => ({ ...approval, at: toIso(at) })),
    }))
}
