/** The install file that `qasid install` writes: what an admin wrote, what was there before, what the servers gave us. */
import { ConfigError } from '../../config.ts'
import type { InstallEnd, Standing } from '../../flows/install-host.ts'
import { type InstallFile, parseInstall, storeOf } from '../../install-file.ts'
import { seal } from '../../seal.ts'
import { composeSender } from '../compose-sender.ts'
import { baseOf, type InstallingParts, idFrom } from './installing.ts'
import { keepRegistration } from './kept-registration.ts'
import { type Given, textOf, UsageError } from './usage.ts'

/** As it stands in the file, secrets sealed or named. */
export type Draft = Record<string, unknown> & { id: string }

type Place = { fhirBase?: string; clientId?: string; clientSecret?: string }
export function placeIn(file: Draft | undefined, role: 'host' | 'store'): Place {
  return (file?.[role] ?? {}) as Place
}

/** What an admin writes: senders, settings, keys of scripts … as in an install file. */
/** What the command finds out or makes itself: another install's must not become this one's. */
const foundOut = ['host', 'store', 'app', 'registration', 'storeRegistration', 'published']

export async function readWished(
  { readText }: Pick<InstallingParts, 'readText'>,
  given: Given,
): Promise<Record<string, unknown>> {
  const path = textOf(given, 'with')
  if (path === undefined) return {}
  const text = await readText(path).catch((cause: unknown) => {
    throw new UsageError('The file of --with cannot be read.', { cause })
  })
  try {
    const found = Object.entries(JSON.parse(text) as Record<string, unknown>)
    return Object.fromEntries(found.filter(([field]) => !foundOut.includes(field)))
  } catch (cause) {
    throw new UsageError('The file of --with is not JSON.', { cause })
  }
}

/** The install that this host is already, or the id that it gets. One host has one id, and one id one host. */
export function choosePlace(
  all: Draft[],
  wanted: { fhirBase: string; id?: string },
): { id: string; before?: Draft } {
  const { fhirBase } = wanted
  const before = all.find((one) => sameBase(placeIn(one, 'host').fhirBase, fhirBase))
  if (before && wanted.id !== undefined && wanted.id !== before.id)
    throw new UsageError(
      `That EMR is the install ${before.id} already: leave --id out, or uninstall ${before.id} first.`,
    )
  if (before) return { id: before.id, before }
  const id = wanted.id ?? idFrom(fhirBase)
  if (all.some((one) => one.id === id))
    throw new UsageError(`The id ${id} is that of another EMR's install: give another with --id.`)
  return { id }
}

/** Records are never left behind, and never shared. */
export function refuseStore(all: Draft[], draft: Draft, before: Draft | undefined): void {
  const wanted = recordsOf(draft)
  if (placeIn(draft, 'store').fhirBase && sameBase(wanted, placeIn(draft, 'host').fhirBase))
    throw new UsageError('The store is the EMR itself: leave --store out.')
  if (before && !sameBase(recordsOf(before), wanted))
    throw new UsageError(
      `The records of ${before.id} are at ${recordsOf(before)}, consents among them, and install moves none: give that --store, or uninstall ${before.id} first.`,
    )
  const other = all.find((one) => one.id !== draft.id && sameBase(recordsOf(one), wanted))
  if (other)
    throw new UsageError(
      `The install ${other.id} has its records at ${wanted}: each install needs a store of its own.`,
    )
}

function recordsOf(file: Draft): string | undefined {
  return placeIn(file, 'store').fhirBase ?? placeIn(file, 'host').fhirBase
}

function sameBase(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other || !URL.canParse(one) || !URL.canParse(other)) return false
  const at = (fhirBase: string) => storeOf({ host: { fhirBase } })
  return at(one) === at(other)
}

export function storeBaseOf(given: Given, before: Draft | undefined): string | undefined {
  const text = textOf(given, 'store')
  return text === undefined ? placeIn(before, 'store').fhirBase : baseOf(text)
}

/** As the processes will read it at their start. Throws `ConfigError` naming each field. */
export function judge({ config }: Pick<InstallingParts, 'config'>, file: Draft): InstallFile {
  if (!file.senders || !file.settings)
    throw new ConfigError([
      'senders and settings are not known yet: write them into a file as docs/installing.md shows, and name it with --with.',
    ])
  const read = parseInstall(`${file.id}.json`, JSON.stringify(file), config)
  for (const sender of read.senders) composeSender(config, file.id, sender)
  return read
}

const order = [
  ...['id', 'host', 'store', 'writeBack', 'app', 'frameAncestors', 'senders', 'api', 'cds', 'settings'],
  ...['registration', 'storeRegistration', 'published'],
]

/** The same servers and the same wishes make the same file. `held` are secrets as they stood there before. */
export function completed(
  { config }: Pick<InstallingParts, 'config'>,
  draft: Draft,
  end: Extract<InstallEnd, { kind: 'examined' }>,
  more: { published: string[]; held: Record<'host' | 'store', Held | undefined> },
): Draft {
  const { host, store, report } = end
  const placed = ({ place }: Standing, held: Held | undefined) => {
    const { clientSecret } = place
    if (!clientSecret) return place
    const isSame = held?.open === clientSecret
    return { ...place, clientSecret: isSame ? held.written : seal(config.key, clientSecret) }
  }
  const { app: _app, store: _store, writeBack: _writeBack, ...rest } = draft
  const registrations = {
    registration: kept(config.key, host, draft.registration),
    ...(store && { storeRegistration: kept(config.key, store, draft.storeRegistration) }),
  }
  const file: Draft = {
    ...rest,
    host: placed(host, more.held.host),
    ...(store && { store: placed(store, more.held.store) }),
    ...(report.kind === 'mixed' && { writeBack: true }),
    ...(host.app && { app: host.app }),
    ...registrations,
    ...(more.published.length > 0 && { published: more.published }),
  }
  return Object.fromEntries(
    Object.entries(file).toSorted(([a], [b]) => rank(a) - rank(b)),
  ) as unknown as Draft
}

function rank(field: string): number {
  const place = order.indexOf(field)
  return place < 0 ? order.length : place
}

export interface Held {
  written: string
  open: string
}

/** Who was registered before stays as it was kept. */
function kept(key: Uint8Array, standing: Standing, before: unknown): unknown {
  if (standing.isNew) return keepRegistration(key, standing)
  return before ?? { dialect: standing.dialect }
}
