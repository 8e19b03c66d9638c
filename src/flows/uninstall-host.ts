/**
 * uninstall-host: what an install made at its servers is taken back; what was said to patients stays in their charts.
 * in: the install's standing, what stands in the store for it · decides: nothing is removed that a message points to · out: all of it gone, or named
 */
import type { Identifier } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { naming } from '../fhir/codes.ts'
import { settingsIdentifier } from '../fhir/settings.ts'
import type { InstallParts } from './install-ports.ts'
import type { World } from './ports.ts'
import { sideBySide } from './side-by-side.ts'
import { type RegisteredAt, takeBackClients } from './take-back.ts'

export interface UninstallWish {
  world: Pick<World, 'install' | 'store'>
  endSubscriptions(): Promise<{ removed: number; off: number }>
  /** Definitions that the install wrote, `StructureDefinition/…`. */
  published: Reference[]
  clients: RegisteredAt[]
}

export interface Uninstalled {
  subscriptions: number
  removed: number
  clients: number
  /** Templates that stay, because messages were written from them. */
  keptTemplates: number
  /** What could not be taken back, by reference or client id. */
  left: string[]
}

/** In this order, because the last step takes away the right to do the others. Throws `EmrError` while a server is away. */
export async function uninstallHost(
  parts: Pick<InstallParts, 'registrar' | 'resourceRegistrar' | 'say'>,
  wish: UninstallWish,
): Promise<Uninstalled> {
  const { store } = wish.world
  parts.say('ending the Subscriptions')
  const ended = await wish.endSubscriptions()
  parts.say('removing settings, templates and definitions')
  const templates = await findTemplates(wish.world)
  const isNamed = await isAnythingSaid(wish.world)
  const ours = [...(await findSettings(wish.world)), ...(isNamed ? [] : templates), ...wish.published]
  const kept = await sideBySide(ours, 4, async (one) => ((await store.remove(one)) ? [] : [one]))
  const left = [...(ended.off > 0 ? [`${ended.off} Subscriptions (switched off)`] : []), ...kept.flat()]
  parts.say('giving back the clients')
  let clients = 0
  for (const one of wish.clients) {
    const stay = await takeBackClients(parts, one)
    left.push(...stay)
    clients += countOf(one, stay)
  }
  return {
    ...{ subscriptions: ended.removed + ended.off, removed: ours.length - kept.flat().length, clients },
    ...{ keptTemplates: isNamed ? templates.length : 0, left },
  }
}

/** A client is given back when nothing of it stays. */
function countOf({ registered }: RegisteredAt, stay: string[]): number {
  const ids = [registered.app, registered.worker].flatMap((one) => (one ? [one.clientId] : []))
  return ids.filter((id) => !stay.some((one) => one === id || one.endsWith(`/${id}`))).length
}

async function findSettings({ install, store }: UninstallWish['world']): Promise<Reference[]> {
  const identifier = settingsIdentifier(install)
  const found = await store.search('Basic', { identifier: `${identifier.system}|${identifier.value}` })
  // Who does not know the parameter may answer with everything.
  const ours = found.filter((one) => bears(one, identifier.system, identifier.value))
  return ours.map(({ id }) => `Basic/${id}` as const)
}

async function findTemplates({ store }: UninstallWish['world']): Promise<Reference[]> {
  const found = await store.search('ActivityDefinition', { identifier: `${naming.template}|` })
  return found
    .filter((one) => bears(one, naming.template))
    .map(({ id }) => `ActivityDefinition/${id}` as const)
}

function bears({ identifier = [] }: { identifier?: Identifier[] }, system: string, value?: string): boolean {
  return identifier.some((one) => one.system === system && (value === undefined || one.value === value))
}

/** A message names the version of its template: that one is part of the record then. */
async function isAnythingSaid({ store }: UninstallWish['world']): Promise<boolean> {
  const one = { limit: 1 }
  const [said, planned] = await Promise.all([
    store.search('Communication', { identifier: `${naming.attemptId}|` }, one),
    store.search('CommunicationRequest', { identifier: `${naming.requestKey}|` }, one),
  ])
  return said.length + planned.length > 0
}
