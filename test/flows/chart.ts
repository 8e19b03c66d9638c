/** The chart of an invented patient, as FHIR: what a flow test puts into the EMR before its story begins. */
import type { Appointment, Consent, Patient } from 'fhir/r4'
import type { Address } from '../../src/domain/address.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { InboundMessage } from '../../src/domain/outcome.ts'
import { after, type Duration, type Instant, instant, toIso } from '../../src/domain/time.ts'
import { fromAttempt } from '../../src/fhir/attempt.ts'
import { policy } from '../../src/fhir/codes.ts'
import { toConsent } from '../../src/fhir/consent.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'

export const phone = '+971501234567' as Address

export function patient(overrides: Partial<Patient> = {}): Patient {
  return {
    resourceType: 'Patient',
    id: 'sara',
    name: [{ given: ['Sara'], family: 'Nasser' }],
    telecom: [{ system: 'phone', use: 'mobile', value: phone }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'ar' }] }, preferred: true }],
    ...overrides,
  }
}

export function permit(
  channel: Channel = 'sms',
  overrides: { patient?: string; address?: string } = {},
): Consent {
  const who = overrides.patient ?? 'sara'
  return {
    id: `permit-${channel}-${who}`,
    ...toConsent({
      patient: `Patient/${who}`,
      channel,
      address: (overrides.address ?? phone) as Address,
      active: true,
      type: 'permit',
      purposes: ['PATADMIN', 'CAREMGT', 'PATRQT'],
      exceptions: [],
      period: {},
      decidedAt: instant(Date.UTC(2026, 9, 1)),
      byStop: false,
      policy: policy.messagingOptIn,
    }),
  }
}

export function visit(start: Instant, overrides: Partial<Appointment> = {}): Appointment {
  return {
    resourceType: 'Appointment',
    id: 'visit',
    status: 'booked',
    start: toIso(start),
    end: toIso(after(start, 1_800_000)),
    participant: [{ actor: { reference: 'Patient/sara' }, status: 'needs-action' }],
    ...overrides,
  }
}

/** With one patient, who permits these channels. */
export async function clinic(...channels: Channel[]): Promise<FakeWorld> {
  const world = await createWorld()
  world.emr.put(patient())
  for (const channel of channels) world.emr.put(permit(channel))
  return world
}

export function attempts({ emr }: FakeWorld): Attempt[] {
  return emr.all('Communication').flatMap((resource) => fromAttempt(resource) ?? [])
}

/** The patient, a permit for SMS, and a visit so far ahead; the EMR's notification is told, its consequences run. */
export async function book(
  world: FakeWorld,
  ahead: Duration,
  overrides: Partial<Appointment> = {},
): Promise<void> {
  const appointment = visit(after(world.now(), ahead), overrides)
  world.host.put(appointment)
  await notify(world, appointment.id)
}

export async function notify(world: FakeWorld, id = 'visit'): Promise<void> {
  await world.jobs.add({ kind: 'plan', visit: `Appointment/${id}` })
  await world.settle()
}

let written = 0

/** What the patient writes, through the same door as a provider's webhook. */
export async function write(
  world: FakeWorld,
  text: string,
  overrides: Partial<InboundMessage> = {},
): Promise<void> {
  const channel = overrides.channel ?? 'sms'
  const sender = world.world.senders.find((one) => one.channel === channel)
  if (!sender) throw new Error(`no sender for ${channel}`)
  written += 1
  await receiveMessage(world.world, sender, {
    kind: 'inbound',
    providerId: `IN${written}`,
    channel,
    from: phone,
    to: sender.address,
    text,
    at: world.now(),
    ...overrides,
  })
  await world.settle()
}
