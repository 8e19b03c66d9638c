/**
 * What the host itself holds of ours where our records are elsewhere: its own consents, its own "do not contact", and the
 * patients' answers to visits where it takes them. Where the store is the host, all of that is in the store.
 */
import type { CommunicationRequest, Consent } from 'fhir/r4'
import { spellings } from '../domain/address.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import type { Reference } from '../domain/message-request.ts'
import { fromConsent } from '../fhir/consent.ts'
import { type Emr, EmrError, type Stored, type World } from './ports.ts'

/** Never ended by us: who ended them in the store would have ended somebody else's of the same id. */
export async function readHostConsents(world: World, patient: Reference): Promise<ConsentRecord[]> {
  if (!world.isSidecar || !(await world.hostCan('search-type', 'Consent'))) return []
  const found = await world.host.search('Consent', { patient }).then(activeOnes)
  return found.flatMap((resource) => fromConsent(resource) ?? []).map((one) => ({ ...one, atHost: true }))
}

/** Not every host searches them by status. */
function activeOnes(consents: Stored<Consent>[]): Stored<Consent>[] {
  return consents.filter(({ status }) => status === 'active')
}

/** Where a "do not contact" of the EMR's would stand. */
export async function readHostRequests(world: World, patient: Reference): Promise<CommunicationRequest[]> {
  const active = { subject: patient, status: 'active' }
  if (!world.isSidecar) return world.host.search('CommunicationRequest', active)
  const holds = await world.hostCan('search-type', 'CommunicationRequest')
  return holds ? world.host.search('CommunicationRequest', active) : []
}

/** In the schedule where staff look, else beside our own records. */
export async function answersHome(world: World): Promise<Emr> {
  return (await world.hostCan('create', 'AppointmentResponse')) ? world.host : world.store
}

/** Nobody, on hosts that do not search so; whoever asks has other ways to know. */
export async function findByTelecom(
  { host, isSidecar }: Pick<World, 'host' | 'isSidecar'>,
  address: Parameters<typeof spellings>[0],
) {
  return host.search('Patient', { telecom: spellings(address).join(',') }).catch((error: unknown) => {
    const isRefused = error instanceof EmrError && [400, 403, 405].includes(error.status ?? 0)
    if (isSidecar && isRefused) return []
    throw error
  })
}
