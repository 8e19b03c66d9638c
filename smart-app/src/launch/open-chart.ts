/** From the SMART library's state to a launch: who, whose chart, and what we may do. */
import type Client from 'fhirclient/lib/Client'
import { type Address, parseInboundAddress } from '../../../src/domain/address.ts'
import { channels } from '../../../src/domain/channel.ts'
import { fromAnyReference } from '../../../src/fhir/reference.ts'
import { createOurPlace } from '../chart/chart-places.ts'
import { type ClinicFacts, createChartReader } from '../chart/chart-reader.ts'
import { createFhirHost } from '../chart/fhir-host.ts'
import { createDrafts } from '../conversation/drafts.ts'
import { createAccess } from './access.ts'
import { type Backend, createBackend } from './backend.ts'
import { effectiveScope, isGranted, shownParts } from './granted-scopes.ts'
import { answersUs } from './id-token-nonce.ts'
import { readContext } from './launch-context.ts'
import type { Clock, Launched } from './launched.ts'

export interface Surroundings {
  fetch: typeof globalThis.fetch
  storage: Storage
  now: Clock
  random(bytes: number): Uint8Array
  zone: string
  /** Of our own server, `https://qasid.example`. */
  origin: string
}

export type Opening = { kind: 'launched'; launched: Launched } | { kind: 'no-patient' }

/** Where the backend tells nothing, the cautious ones: nothing is open that a consent does not open. */
const unknownClinic: ClinicFacts = {
  zones: {},
  noConsent: 'block',
  // Whether there is a sender is judged before the call anyway; not knowing must not close the composer.
  senders: channels.map((channel) => ({ id: channel, channel, address: '' as Address })),
}

/** Throws where the id_token answers somebody else's launch. */
export async function openChart(client: Client, around: Surroundings): Promise<Opening> {
  const { state } = client
  const { serverUrl, tokenResponse, scope: asked } = state
  const base = asOneWrites(serverUrl)
  const { fetch, storage, now } = around
  if (!client.patient.id) return { kind: 'no-patient' }
  if (!answersUs(tokenResponse?.id_token, storage)) throw new Error('The id_token answers another launch')
  const patient = `Patient/${client.patient.id}`
  const user = fromAnyReference(client.user.fhirUser ?? undefined)
  const access = createAccess({ state, keep: () => keepState(client), fetch, now })
  const host = createFhirHost({ base, fetch, ...access })
  const scope = effectiveScope(tokenResponse?.scope, asked)
  const backend = createBackend(fetch, () => ({
    ...{ iss: base, idToken: access.idToken(), patient },
    accessToken: async () => (await access.authorization()).replace(/^Bearer /i, ''),
  }))
  const clinic = await askClinic(backend)
  const ours = createOurPlace({ host, backend, origin: around.origin })
  return {
    kind: 'launched',
    launched: {
      ...{ patient, user, clinic, now, random: around.random, zone: around.zone },
      showBanner: tokenResponse?.need_patient_banner !== false,
      // Beside the host it is not the host who lets us.
      mayWrite: (await ours()) !== host || isGranted(scope, 'CommunicationRequest', 'create'),
      mayAttach: isGranted(scope, 'DocumentReference', 'search'),
      shown: shownParts(scope, asked),
      context: readContext(tokenResponse),
      reader: createChartReader({
        ...{ host, ours, patient, clinic },
        mayReadOwn: (type) => isGranted(scope, type, 'search'),
        mayReadPlaces: isGranted(scope, 'Location', 'read'),
      }),
      backend,
      drafts: createDrafts(storage, { host: base, patient, user }),
    },
  }
}

/** The host's own references to itself begin so, and a draft is found again however the next launch spells it. */
function asOneWrites(serverUrl: string): string {
  return serverUrl.replace(/^https?:\/\/[^/?#]*/i, (origin) => origin.toLowerCase()).replace(/\/$/, '')
}

/** Where the SMART library will look for it after a reload. */
async function keepState({ state, environment }: Client): Promise<void> {
  if (state.key) await environment.getStorage().set(state.key, state)
}

async function askClinic(backend: Backend): Promise<ClinicFacts> {
  const told = await backend.clinic().catch(() => undefined)
  if (!told) return unknownClinic
  const senders = told.senders.flatMap((sender) => {
    const address = parseInboundAddress(sender.channel, sender.address)
    return address ? [{ ...sender, address }] : []
  })
  return { ...told, senders }
}
