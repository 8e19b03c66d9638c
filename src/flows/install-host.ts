/**
 * install-host: an EMR comes to be an install, or a sentence says why not.
 * in: what host and store say of themselves, and what was tried there · decides: dialect, kind of install, `drawReport` · out: clients at the host, the install's place in it, the report
 */
import { type CapabilityReport, drawReport, type ManifestNeed } from '../domain/capability-report.ts'
import type { FeedNeeds } from '../domain/change-feed.ts'
import type { Channel } from '../domain/channel.ts'
import type { ManifestClients } from '../domain/client-metadata.ts'
import { mayWorker } from '../domain/client-scopes.ts'
import { expectRung, sayChanges } from '../domain/expected-rung.ts'
import { fittingTopics } from '../domain/fitting-topics.ts'
import { explainTrouble } from '../domain/install-trouble.ts'
import type { ServerFacts } from '../domain/server-facts.ts'
import { toIso } from '../domain/time.ts'
import type { InstallParts } from './install-ports.ts'
import { EmrError } from './ports.ts'
import { type SignUpDone, type SignUpWish, signUp } from './sign-up.ts'
import { takeBackClients } from './take-back.ts'

type ServerWish = Pick<SignUpWish, 'fhirBase' | 'dialect' | 'adminToken' | 'known'>

export interface InstallWish {
  install: string
  host: ServerWish
  store?: ServerWish
  manifest: ManifestClients & { fhir: { resources: ManifestNeed[] } }
  baseUrl: string
  jwksPath: string
  /** What is wanted of the feed of visits. */
  visits: FeedNeeds & { criteria: string }
  /** Where a Subscription that is only tried would call us. */
  endpoint: string
  next: string
  writeBack: boolean
  channels: Channel[]
}

/** What one server knows us by, and what it is. */
export type Standing = Omit<SignUpDone, 'kind'>

export type InstallEnd =
  | {
      kind: 'examined'
      host: Standing
      store?: Standing
      report: CapabilityReport
      /** What the probes made and a server kept. */
      left: string[]
    }
  | { kind: 'checklist'; markdown: string }
  /** `left`: what was made on the way and could not be taken back. */
  | { kind: 'refused'; because: string; left: string[] }

/** Clients stand at the servers only when the install can work; nothing else is written. */
export async function installHost(parts: InstallParts, wish: InstallWish): Promise<InstallEnd> {
  const signed: SignUpDone[] = []
  const end = await examineAll(parts, wish, signed)
  if (end.kind === 'examined' && end.report.against.length === 0) return end
  const left = await takeBackNew(parts, wish, signed)
  return end.kind === 'checklist' ? end : { ...end, left: [...end.left, ...left] }
}

/** Of an install that is not to be after all. */
export async function takeBackNew(
  parts: Pick<InstallParts, 'registrar' | 'resourceRegistrar'>,
  wish: Pick<InstallWish, 'host' | 'store'>,
  standings: (Standing | undefined)[],
): Promise<string[]> {
  const left: string[] = []
  for (const standing of standings) {
    if (!standing?.isNew) continue
    const { dialect, registered, place } = standing
    const asked = [wish.host, wish.store].find((one) => one?.fhirBase === place.fhirBase)
    const adminToken = asked?.adminToken
    const wanted = { fhirBase: place.fhirBase, dialect, registered, ...(adminToken && { adminToken }) }
    const all = [registered.worker?.clientId, registered.app?.clientId].filter((one) => one !== undefined)
    left.push(...(await takeBackClients(parts, wanted).catch(() => all)))
  }
  return left
}

async function examineAll(parts: InstallParts, wish: InstallWish, signed: SignUpDone[]): Promise<InstallEnd> {
  const { manifest, baseUrl, jwksPath, next, writeBack } = wish
  const needs = manifest.fhir.resources
  const hasStore = wish.store !== undefined
  const both = { manifest, needs, baseUrl, jwksPath, next, writeBack, hasStore }
  const host = await signUp(parts, { ...wish.host, ...both, role: 'host' })
  if (host.kind !== 'known') return withoutTraces(host)
  signed.push(host)
  const store = wish.store && (await signUp(parts, { ...wish.store, ...both, role: 'store' }))
  if (store && store.kind !== 'known') return withoutTraces(store)
  if (store) signed.push(store)

  const hostFacts = await examine(parts, wish, host, { role: 'host', keepsRecords: !hasStore })
  if ('kind' in hostFacts) return hostFacts
  const beside = { role: 'store' as const, keepsRecords: true, hostBase: wish.host.fhirBase }
  const storeFacts = store && (await examine(parts, wish, store, beside))
  if (storeFacts && 'kind' in storeFacts) return storeFacts

  const report = drawReport({
    install: wish.install,
    checkedAt: toIso(parts.now()),
    kind: host.installKind,
    needs,
    host: hostFacts,
    ...(storeFacts && { store: storeFacts }),
    writeBack,
    launch: host.app ? 'registered' : host.launches ? 'unregistered' : 'impossible',
    scopesRefused: {
      needed: [...host.scopesRefused.needed, ...(store?.scopesRefused.needed ?? [])],
      useful: [...host.scopesRefused.useful, ...(store?.scopesRefused.useful ?? [])],
    },
    changes: sayChanges(expectRung(hostFacts, wish.visits, parts.now())),
    channels: wish.channels,
  })
  const left = [...hostFacts.left, ...(storeFacts?.left ?? [])]
  return { kind: 'examined', host, ...(store && { store }), report, left }
}

function withoutTraces(
  end: { kind: 'checklist'; markdown: string } | { kind: 'refused'; because: string },
): InstallEnd {
  return end.kind === 'refused' ? { ...end, left: [] } : end
}

async function examine(
  parts: InstallParts,
  { visits, endpoint }: InstallWish,
  { place, statement, granted }: SignUpDone,
  asked: { role: 'host' | 'store'; keepsRecords: boolean; hostBase?: string },
): Promise<ServerFacts | Extract<InstallEnd, { kind: 'refused' }>> {
  parts.say(`trying what ${place.fhirBase} really does`)
  try {
    const topics = fittingTopics(statement.topics, visits.topics, visits.resource)
    const { probes, left } = await parts.open(place).probe({
      ...{ ...asked, statement, visits: { criteria: visits.criteria, topics, endpoint } },
      mayRemove: (type) => mayWorker(granted, 'd', type),
      onProbe: ({ name, end }) => parts.say(`  ${name}: ${sayEnd(end)}`),
    })
    return { fhirBase: place.fhirBase, statement, probes, left }
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    const at = { fhirBase: place.fhirBase, jwksUrl: '', jwksReachable: false, scopes: [] }
    const because = explainTrouble('trying what it can do', { says: error.message }, at)
    return { kind: 'refused', because, left: [] }
  }
}

function sayEnd(end: ServerFacts['probes'][number]['end']): string {
  switch (end.kind) {
    case 'worked':
      return 'works'
    case 'refused':
      return `refused (${end.code})`
    case 'failed':
      return `failed (${end.code})`
    case 'untried':
      return end.because === 'not-offered' ? 'not offered' : 'not tried'
  }
}
