/** From the SMART library's state to a launch: who, whose chart, and what we may do. */
import type Client from 'fhirclient/lib/Client'
import { fromReference } from '../../../src/fhir/reference.ts'
import { type ClinicFacts, createChartReader } from '../chart/chart-reader.ts'
import { createFhirHost } from '../chart/fhir-host.ts'
import { createDrafts } from '../conversation/drafts.ts'
import { createBackend } from './backend.ts'
import { isGranted } from './granted-scopes.ts'
import type { Clock, Launched } from './launched.ts'

export interface Surroundings {
  fetch: typeof globalThis.fetch
  storage: Storage
  now: Clock
  random(bytes: number): Uint8Array
  zone: string
}

export type Opening = { kind: 'launched'; launched: Launched } | { kind: 'no-patient' }

/** Until the backend tells them, the cautious ones: nothing is open that a consent does not open. */
const unknownClinic: ClinicFacts = { zones: {}, noConsent: 'block' }

export function openChart(client: Client, around: Surroundings): Opening {
  const { serverUrl: base, tokenResponse } = client.state
  const { fetch } = around
  if (!client.patient.id) return { kind: 'no-patient' }
  const patient = `Patient/${client.patient.id}`
  const user = fromReference({ reference: client.user.fhirUser ?? undefined })
  const host = createFhirHost({ base, fetch, authorization: () => authorizationOf(client) })
  const scope = tokenResponse?.scope
  return {
    kind: 'launched',
    launched: {
      ...{ patient, user, clinic: unknownClinic, now: around.now, random: around.random, zone: around.zone },
      showBanner: tokenResponse?.need_patient_banner !== false,
      mayWrite: isGranted(scope, 'CommunicationRequest', 'create'),
      reader: createChartReader({
        ...{ host, patient, clinic: unknownClinic },
        mayReadPlaces: isGranted(scope, 'Location', 'read'),
      }),
      backend: createBackend(fetch, { iss: base, idToken: tokenResponse?.id_token ?? '', patient }),
      drafts: createDrafts(around.storage, { host: base, patient, user }),
    },
  }
}

async function authorizationOf(client: Client): Promise<string> {
  await client.refreshIfNeeded()
  return client.getAuthorizationHeader() ?? ''
}
