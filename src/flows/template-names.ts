/** Which templates there are, for sentences that name them. */
import type { Channel } from '../domain/channel.ts'
import { isForSending } from '../domain/template.ts'
import { fromActivityDefinition } from '../fhir/template.ts'
import type { Emr } from './ports.ts'

/** By name; our fixed answers to what patients write are not for sending. With `channel`, those that have words for it. */
export async function readTemplateNames(
  store: Emr,
  { channel }: { channel?: Channel } = {},
): Promise<string[]> {
  const found = await store.search('ActivityDefinition', { status: 'active' })
  const templates = found.flatMap((resource) => fromActivityDefinition(resource) ?? [])
  const names = templates
    .filter(isForSending)
    .filter(({ contents }) => !channel || contents.some((one) => one.channel === channel))
    .map(({ name }) => name)
  return [...new Set(names)].sort()
}
