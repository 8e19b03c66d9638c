/**
 * uninstall-host: what an install made at its servers is taken back; what was said to patients stays in their charts.
 * in: the install's standing, what stands in the store for it · decides: nothing is removed that a message points to · out: all of it gone, or named
 */
import type { Dialect, Registered } from '../domain/registration.ts'
import { naming } from '../fhir/codes.ts'
import { settingsIdentifier } from '../fhir/settings.ts'
import type { InstallParts } from './install-ports.ts'
import type { World } from './ports.ts'
import { takeBackClients } from './sign-up.ts'

export interface UninstallWish {
  /** Absent where the servers cannot be reached as ourselves any more. */
  world: Pick<World, 'install' | 'store'>
  endSubscriptions(): Promise<{ removed: number; off: number }>
  /** Definitions that the install wrote, `StructureDefinition/…`. */
  published: string[]
  clients: { fhirBase: string; dialect: Dialect; registered: Registered; adminToken?: string }[]
}

export interface Uninstalled {
  subscriptions: number
  removed: number
  clients: number
  /** What could not be taken back, by reference or client id. */
  left: string[]
}

/** In this order, because the last step takes away the right to do the others. Throws `EmrError` while a server is away. */
export async function uninstallHost(
  parts: Pick<InstallParts, 'registrar' | 'resourceRegistrar' | 'say'>,
  wish: UninstallWish,
): Promise<Uninstalled> {
  parts.say('ending the Subscriptions')
  const ended = await wish.endSubscriptions()
  parts.say('removing settings, templates and definitions')
  const ours = [
    ...(await readSettings(wish.world)),
    ...(await unusedTemplates(wish.world)),
    ...wish.published,
  ]
  const left = ended.off > 0 ? [`${ended.off} Subscriptions (switched off)`] : []
  for (const reference of ours) if (!(await wish.world.store.remove(reference))) left.push(reference)
  parts.say('giving back the clients')
  let clients = 0
  for (const { registered, dialect, ...place } of wish.clients) {
    const kept = await takeBackClients(parts, place, dialect, registered)
    left.push(...kept)
    clients += [registered.app, registered.worker].filter((one) => one && !kept.includes(one.clientId)).length
  }
  return { subscriptions: ended.removed + ended.off, removed: ours.length - left.length, clients, left }
}

async function readSettings({ install, store }: UninstallWish['world']): Promise<string[]> {
  const identifier = settingsIdentifier(install)
  const found = await store.search('Basic', { identifier: `${identifier.system}|${identifier.value}` })
  return found.map(({ id }) => `Basic/${id}`)
}

/** A message that was sent names the version of its template: that one is part of the record. */
async function unusedTemplates({ store }: UninstallWish['world']): Promise<string[]> {
  const templates = await store.search('ActivityDefinition', { identifier: `${naming.template}|` })
  const anySaid = await store.search('Communication', { identifier: `${naming.attemptId}|` }, { limit: 1 })
  return anySaid.length > 0 ? [] : templates.map(({ id }) => `ActivityDefinition/${id}`)
}
