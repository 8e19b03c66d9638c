/**
 * install-host: an EMR comes to be an install, or a sentence says why not.
 * in: what host and store say of themselves, and what was tried there · decides: dialect, kind of install, `drawReport` · out: clients at the host, the install's place in it, the report
 */
import { type CapabilityReport, drawReport, type ManifestNeed } from '../domain/capability-report.ts'
import type { Channel } from '../domain/channel.ts'
import type { ManifestClients } from '../domain/client-metadata.ts'
import { howChangesCome } from '../domain/how-changes-come.ts'
import { explainTrouble } from '../domain/install-trouble.ts'
import type { Dialect, Registered } from '../domain/registration.ts'
import type { ServerFacts } from '../domain/server-facts.ts'
import { toIso } from '../domain/time.ts'
import type { InstallParts, SignedUp } from './install-ports.ts'
import { EmrError } from './ports.ts'
import { type SignUpEnd, type SignUpWish, signUp } from './sign-up.ts'

export interface InstallWish {
  install: string
  host: Omit<SignUpWish, 'role' | 'manifest' | 'baseUrl' | 'jwksPath' | 'next'>
  store?: Omit<SignUpWish, 'role' | 'manifest' | 'baseUrl' | 'jwksPath' | 'next'>
  manifest: ManifestClients & { fhir: { resources: ManifestNeed[] } }
  baseUrl: string
  jwksPath: string
  /** Where the host's Subscriptions would call us. */
  endpoint: string
  next: string
  writeBack: boolean
  channels: Channel[]
}

/** What one server knows us by. */
export interface Standing {
  place: SignedUp
  dialect: Dialect
  registered: Registered
}

export type InstallEnd =
  | {
      kind: 'examined'
      host: Standing & { app?: { clientId: string; scope: string } }
      store?: Standing
      report: CapabilityReport
      /** What the probes made and a server kept. */
      left: string[]
    }
  | { kind: 'checklist'; markdown: string }
  | { kind: 'refused'; because: string }

/** Nothing is written here; registered clients stand at the servers. */
export async function installHost(parts: InstallParts, wish: InstallWish): Promise<InstallEnd> {
  const common = { manifest: wish.manifest, baseUrl: wish.baseUrl, jwksPath: wish.jwksPath, next: wish.next }
  const host = await signUp(parts, { ...wish.host, ...common, role: 'host' })
  if (host.kind !== 'known') return host
  const store = wish.store && (await signUp(parts, { ...wish.store, ...common, role: 'store' }))
  if (store && store.kind !== 'known') return store

  const hostFacts = await examine(parts, host, { role: 'host', endpoint: wish.endpoint })
  if ('kind' in hostFacts) return hostFacts
  const hostBase = wish.host.fhirBase
  const storeFacts =
    store && (await examine(parts, store, { role: 'store', hostBase, endpoint: wish.endpoint }))
  if (storeFacts && 'kind' in storeFacts) return storeFacts

  const report = drawReport({
    install: wish.install,
    checkedAt: toIso(parts.now()),
    needs: wish.manifest.fhir.resources,
    host: hostFacts,
    ...(storeFacts && { store: storeFacts }),
    writeBack: wish.writeBack,
    launch: host.app ? 'registered' : host.launches ? 'unregistered' : 'impossible',
    scopesRefused: host.scopesRefused,
    changes: howChangesCome(hostFacts),
    channels: wish.channels,
  })
  return {
    kind: 'examined',
    host: { ...toStanding(host), ...(host.app && { app: host.app }) },
    ...(store && { store: toStanding(store) }),
    report,
    left: [...hostFacts.left, ...(storeFacts?.left ?? [])],
  }
}

type Known = Extract<SignUpEnd, { kind: 'known' }>

function toStanding({ place, dialect, registered }: Known): Standing {
  return { place, dialect, registered }
}

async function examine(
  parts: InstallParts,
  { place, statement, granted }: Known,
  wish: { role: 'host' | 'store'; hostBase?: string; endpoint: string },
): Promise<ServerFacts | Extract<InstallEnd, { kind: 'refused' }>> {
  parts.say(`trying what ${place.fhirBase} really does`)
  try {
    const { probes, left } = await parts.open(place).probe({
      ...{ ...wish, statement },
      ...(granted && { granted }),
      onProbe: ({ name, end }) => parts.say(`  ${name}: ${sayEnd(end)}`),
    })
    return { fhirBase: place.fhirBase, statement, probes, left }
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    const at = { fhirBase: place.fhirBase, jwksUrl: '', jwksReachable: false, scopes: [] }
    return { kind: 'refused', because: explainTrouble('trying what it can do', { says: error.message }, at) }
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
