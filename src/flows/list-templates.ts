/**
 * list-templates: what may be sent, and what companies said of it.
 * in: the templates in the store · decides: nothing · out: nothing is written
 */
import type { TemplateApproval } from '../domain/approval.ts'
import type { Channel } from '../domain/channel.ts'
import type { Language } from '../domain/language.ts'
import { toIso } from '../domain/time.ts'
import { fromActivityDefinition } from '../fhir/template.ts'
import type { World } from './ports.ts'

export interface TemplateState {
  name: string
  version: string
  title: string
  channels: Channel[]
  languages: Language[]
  approvals: (Omit<TemplateApproval, 'at' | 'id'> & { at: string })[]
}

export async function listTemplates({ store }: Pick<World, 'store'>): Promise<TemplateState[]> {
  const found = await store.search('ActivityDefinition', { status: 'active' })
  const templates = found.flatMap((resource) => fromActivityDefinition(resource) ?? [])
  return templates
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))
    .map(({ name, version, title, contents, approvals = [] }) => ({
      ...{ name, version, title },
      channels: [...new Set(contents.map(({ channel }) => channel))],
      languages: [...new Set(contents.map(({ language }) => language))],
      approvals: approvals.map(({ id: _id, at, ...approval }) => ({ ...approval, at: toIso(at) })),
    }))
}
