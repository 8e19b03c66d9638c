/**
 * A new Consent takes the place of the ones before it, with the Provenance that says why. In this order, so that a death
 * in between never leaves more permitted than before: the new one, the old ones inactive, the evidence.
 */
import type { Channel } from '../domain/channel.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import type { Reference } from '../domain/message-request.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { naming } from '../fhir/codes.ts'
import { toConsent } from '../fhir/consent.ts'
import { toConsentProvenance } from '../fhir/provenance.ts'
import { fromReference, idOf, referenceTo } from '../fhir/reference.ts'
import { amend } from './amend.ts'
import type { World } from './ports.ts'

export type NewConsent = Omit<ConsentRecord, 'reference'> & {
  channel: Channel
  address: NonNullable<ConsentRecord['address']>
}

/** `evidence` is the Communication that it follows from; `known` holds the patient's records as they were read. */
export async function replaceConsent(
  world: World,
  { record, evidence, known }: { record: NewConsent; evidence: Reference; known: ConsentRecord[] },
): Promise<void> {
  const written = await write(world, evidence, record)
  await deactivateOthers(world, known, record, written.reference)
  await prove(world, { written, evidence, patient: record.patient })
}

/** One per evidence, patient, channel and address: reading the same STOP twice writes each Consent once. */
async function write(
  world: World,
  evidence: Reference,
  record: NewConsent,
): Promise<{ reference: Reference; version?: string }> {
  const place = `${record.channel}-${encodeURIComponent(record.address)}`
  const value = `${idOf(evidence)}-${place}-${idOf(record.patient)}`
  const identifier = { system: naming.answer, value }
  const consent = toConsent(record)
  const identified = { ...consent, identifier: [...(consent.identifier ?? []), identifier] }
  const { resource } = await world.store.create(identified, identifier)
  return { reference: referenceTo(resource), version: resource.meta?.versionId }
}

async function deactivateOthers(
  world: World,
  known: ConsentRecord[],
  record: NewConsent,
  kept: Reference,
): Promise<void> {
  const replaced = known.filter(
    (one) =>
      one.active &&
      !one.atHost &&
      one.reference !== kept &&
      one.decidedAt <= record.decidedAt &&
      one.patient === record.patient &&
      one.channel === record.channel &&
      (one.address === undefined || one.address === record.address),
  )
  for (const one of replaced)
    await amend(world.store, 'Consent', one.reference, (consent) =>
      consent.status === 'active' ? { ...consent, status: 'inactive' } : undefined,
    )
}

async function prove(
  world: World,
  {
    written,
    evidence,
    patient,
  }: { written: { reference: Reference; version?: string }; evidence: Reference; patient: Reference },
): Promise<void> {
  const { reference: consent, version } = written
  const proven = await world.store.search('Provenance', { entity: evidence })
  if (proven.some((one) => one.target.some((its) => fromReference(its) === consent))) return
  const now = world.now()
  await world.store.create(toConsentProvenance({ consent, version, message: evidence, patient, now }))
  await world.store.create(
    toAuditEvent({
      what: 'consent-change',
      patient,
      entities: [consent, evidence],
      source: world.install,
      now,
    }),
  )
  await world.live.publish({ patient, reference: consent })
}
