/**
 * `qasid uninstall <install>`: takes back what an install made at its EMR. Ends with 0 when nothing is left there, 1 when
 * something is: it is named, and the command may be run again.
 */
import type { Registered } from '../../domain/registration.ts'
import { unsubscribe } from '../../emr/subscriptions.ts'
import { uninstallHost } from '../../flows/uninstall-host.ts'
import { readInstalls } from '../../install-file.ts'
import { retireInstall } from '../../install-shelf.ts'
import { unseal } from '../../seal.ts'
import { removeSigningKeys } from '../../signing-keys.ts'
import { loadManifest, notifyEndpoint } from '../deployment.ts'
import { type InstallingParts, partsFor, secretOf } from './installing.ts'
import { onlyPositional, readArguments, UsageError } from './usage.ts'

const options = {
  'token-env': { type: 'string' },
  'store-token-env': { type: 'string' },
  yes: { type: 'boolean' },
} as const

export async function uninstall(args: string[], parts: InstallingParts): Promise<0 | 1> {
  const given = readArguments(args, options)
  const id = onlyPositional(given, 'the install, as its file is called')
  const { config, out, err } = parts
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
  const story = partsFor(parts, id)
  const { subscriptions } = await loadManifest(config.baseUrl)
  const endpoints = subscriptions.map((one) => notifyEndpoint(config, id, one))
  const host = story.emrOf(file.host)
  const store = file.store ? story.emrOf(file.store, file.host.fhirBase) : host
  const done = await uninstallHost(story, {
    world: { install: id, store },
    endSubscriptions: () => unsubscribe({ host }, endpoints),
    published: [],
    clients: [
      ...clientsOf(config.key, file.host.fhirBase, file.registration, secretOf(parts, given, 'token-env')),
      ...(file.store
        ? clientsOf(
            config.key,
            file.store.fhirBase,
            file.storeRegistration,
            secretOf(parts, given, 'store-token-env'),
          )
        : []),
    ],
  })
  const { subscriptions: ended, removed, clients, left } = done
  const aside = left.length === 0 ? await retireInstall(config, id) : undefined
  if (aside) await removeSigningKeys(config, id)
  if (given.values.json) out(JSON.stringify({ install: id, subscriptions: ended, removed, clients, left }))
  else
    out(`${id}: ${ended} Subscriptions ended, ${removed} resources removed, ${clients} clients given back.`)
  if (aside) err(`Its file is kept aside as ${aside.split('/').at(-1)}. Restart qasid serve and qasid work.`)
  else err(`Left at the EMR: ${left.join(', ')}. An administrator removes them there; then run this again.`)
  return aside ? 0 : 1
}

type Registration = NonNullable<Awaited<ReturnType<typeof readInstalls>>[number]['registration']>

function clientsOf(
  key: Uint8Array,
  fhirBase: string,
  registration: Registration | undefined,
  adminToken: string | undefined,
) {
  if (!registration) return []
  const [worker, app] = registration.clients.map(({ clientId, uri, token }) => ({
    clientId,
    ...(uri && { uri }),
    ...(token && { token: unseal(key, token) }),
  }))
  const registered: Registered = { ...(worker && { worker }), ...(app && { app }), made: registration.made }
  const { dialect } = registration
  return [{ fhirBase, dialect, registered, ...(adminToken && { adminToken }) }]
}
