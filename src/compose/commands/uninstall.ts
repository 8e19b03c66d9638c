/**
 * `qasid uninstall <install>`: takes back what an install made at its EMR. Ends with 0 when nothing is left there, 1 when
 * something is: it is named.
 */
import { unsubscribe } from '../../emr/subscriptions.ts'
import type { RegisteredAt } from '../../flows/take-back.ts'
import { type Uninstalled, uninstallHost } from '../../flows/uninstall-host.ts'
import { type InstallFile, readInstalls } from '../../install-file.ts'
import { removeReport, restoreInstall, retireInstall } from '../../install-shelf.ts'
import { removeSigningKeys } from '../../signing-keys.ts'
import { readFeedWishes } from '../feed-wishes.ts'
import { type InstallingParts, partsFor, secretOf } from './installing.ts'
import { type KeptRegistration, openRegistration } from './kept-registration.ts'
import { hasBeenLetGo } from './let-go.ts'
import { type Given, onlyPositional, readArguments, UsageError } from './usage.ts'

const options = {
  'token-env': { type: 'string' },
  'store-token-env': { type: 'string' },
  yes: { type: 'boolean' },
} as const

export async function uninstall(args: string[], parts: InstallingParts): Promise<0 | 1> {
  const given = readArguments(args, options)
  const { config, out, err } = parts
  const file = await chooseFile(given, parts)
  const { id } = file
  const story = partsFor(parts, id)
  const endpoints = (await readFeedWishes(config, id)).map(({ hook }) => hook.endpoint)
  const host = story.emrOf(file.host)
  const store = file.store ? story.emrOf(file.store, file.host.fhirBase) : host
  const clientsThere = clientsOf(given, parts, file)
  // First of all: a worker that goes on would make anew what is taken back.
  const retired = await retireInstall(config, id)
  story.say('waiting until the workers let go of it')
  if (!(await hasBeenLetGo(config, id)))
    err('A worker still works for it; stop it, and run this once more if anything is there again.')
  const done = await uninstallHost(story, {
    world: { install: id, store },
    endSubscriptions: () => unsubscribe({ host }, endpoints),
    published: file.published,
    clients: clientsThere,
  }).catch(async (error: unknown) => {
    await restoreInstall(config, id)
    throw error
  })
  const isOver = done.left.every((one) => isForPeople(file, one))
  const aside = isOver ? retired : undefined
  if (isOver) {
    await removeReport(config, id)
    await removeSigningKeys(config, id)
  } else await restoreInstall(config, id)
  const { subscriptions, removed, clients, keptTemplates, left } = done
  if (given.values.json)
    out(JSON.stringify({ install: id, subscriptions, removed, clients, keptTemplates, left }))
  else
    out(
      `${id}: ${subscriptions} Subscriptions ended, ${removed} resources removed, ${clients} clients given back.`,
    )
  for (const line of sayRest(file, done)) err(line)
  if (aside)
    err(
      `Its file is kept aside as ${aside.split('/').at(-1)}. A running qasid serve and qasid work let go of it by themselves.`,
    )
  else err('Its file stays: an administrator removes what is left, or give --token-env; then run this again.')
  return left.length > 0 ? 1 : 0
}

async function chooseFile(given: Given, { config }: InstallingParts): Promise<InstallFile> {
  const id = onlyPositional(given, 'the install, as its file is called')
  const all = await readInstalls(config)
  const file = all.find((one) => one.id === id)
  if (!file)
    throw new UsageError(
      `There is no install ${/^[a-z0-9-]{1,40}$/.test(id) ? id : 'of that name'}; there are: ${all.map((one) => one.id).join(', ') || 'none'}.`,
    )
  if (!given.values.yes)
    throw new UsageError(
      `This ends the Subscriptions, clients and settings of ${id} at ${new URL(file.host.fhirBase).host}; what was said to patients stays in their charts. Say it with --yes.`,
    )
  return file
}

/** OpenEMR lets nobody give a client back: running this again would change nothing. */
function isForPeople({ registration }: InstallFile, left: string): boolean {
  return registration?.dialect === 'openemr' && registration.clients.some(({ clientId }) => clientId === left)
}

/** What an administrator should know or do. */
function* sayRest(file: InstallFile, { left, keptTemplates }: Uninstalled): Iterable<string> {
  const { registration, host, app } = file
  yield 'Messages, consents and what else is of a patient’s record stay where they are.'
  if (keptTemplates > 0) yield `${keptTemplates} templates stay, because messages were written from them.`
  const clients = left.filter((one) => isForPeople(file, one))
  const others = left.filter((one) => !clients.includes(one))
  if (clients.length > 0)
    yield `The EMR lets nobody give a client back: an administrator disables there (Admin, System, API Clients): ${clients.join(', ')}.`
  if (others.length > 0) yield `Left at the EMR: ${others.join(', ')}.`
  const typed = [host.clientId, app?.clientId].filter((one) => one !== undefined)
  if (typed.length > 0 && (registration?.clients.length ?? 0) === 0 && (registration?.made.length ?? 0) === 0)
    yield `These clients were typed in by hand and are removed by hand: ${typed.join(', ')}.`
}

function clientsOf(given: Given, parts: InstallingParts, file: InstallFile): RegisteredAt[] {
  const { host, store, registration, storeRegistration } = file
  const of = (
    fhirBase: string | undefined,
    kept: KeptRegistration | undefined,
    adminToken: string | undefined,
  ) => {
    if (!fhirBase || !kept) return []
    const { dialect, registered } = openRegistration(parts.config.key, kept)
    return [{ fhirBase, dialect, registered, ...(adminToken && { adminToken }) }]
  }
  return [
    ...of(host.fhirBase, registration, secretOf(parts, given, 'token-env')),
    ...of(store?.fhirBase, storeRegistration, secretOf(parts, given, 'store-token-env')),
  ]
}
