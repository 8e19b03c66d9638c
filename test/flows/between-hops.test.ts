/** What the EMR changes between the plan and the call, at each step of the way: nothing that is not true any more goes out. */
import type { Appointment, Patient } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { after, hour, minute } from '../../src/domain/time.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { sweep } from '../../src/flows/sweep.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { book, clinic, notify, patient, permit, visit } from './chart.ts'

const reasonsOf = ({ emr }: FakeWorld) =>
  emr.all('CommunicationRequest').map(({ statusReason }) => statusReason?.coding?.[0]?.code)

function changeVisit({ emr }: FakeWorld, differs: Partial<Appointment>): void {
  const [held] = emr.all('Appointment')
  if (held) emr.put({ ...held, ...differs })
}

function changePatient({ emr }: FakeWorld, differs: Partial<Patient>): void {
  const [held] = emr.all('Patient')
  if (held) emr.put({ ...held, ...differs })
}

const merged: Partial<Patient> = {
  link: [{ other: { reference: 'Patient/survivor' }, type: 'replaced-by' }],
}

const changes: [what: string, change: (world: FakeWorld) => void, reason: string][] = [
  ['its visit is cancelled', (world) => changeVisit(world, { status: 'cancelled' }), 'visit-cancelled'],
  [
    'its visit is moved',
    (world) => changeVisit(world, { start: visit(after(world.now(), 90 * hour)).start }),
    'visit-moved',
  ],
  ['its visit is gone', (world) => world.emr.remove('Appointment/visit'), 'visit-missing'],
  ['its patient is merged into another', (world) => changePatient(world, merged), 'patient-inactive'],
  ['its patient is made inactive', (world) => changePatient(world, { active: false }), 'patient-inactive'],
  ['its patient has died', (world) => changePatient(world, { deceasedBoolean: true }), 'patient-deceased'],
  ['its patient is gone', (world) => world.emr.remove('Patient/sara'), 'patient-missing'],
]

/** Each leads up to a point and tells how many messages had left by then, and how the story goes on. */
const steps: [where: string, lead: (world: FakeWorld) => Promise<() => Promise<void>>, sent: number][] = [
  [
    'between plan and dispatch',
    async (world) => {
      await book(world, 72 * hour)
      return () => world.pass(24 * hour)
    },
    0,
  ],
  [
    'between queue and send',
    async (world) => {
      world.emr.put(visit(after(world.now(), 24 * hour)))
      await runJob(world.world, { kind: 'plan', visit: 'Appointment/visit' })
      for (const job of world.jobs.take()) await runJob(world.world, job)
      expect(world.jobs.pending().map(({ job }) => job.kind)).toContain('send')
      return () => world.settle()
    },
    0,
  ],
  [
    'between a call that never got there and its repetition',
    async (world) => {
      world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
      await book(world, 24 * hour)
      return () => world.pass(2 * minute)
    },
    0,
  ],
  [
    'between two channels of its plan',
    async (world) => {
      await book(world, 24 * hour)
      return async () => {
        const [{ attemptId, providerId = '' } = {}] = world.carrier.ledger
        const event = {
          kind: 'delivery',
          attemptId,
          providerId,
          state: 'undelivered',
          at: world.now(),
        } as const
        await recordDelivery(world.world, 'whatsapp', event)
        await world.settle()
      }
    },
    1,
  ],
]

describe.each(steps)('a reminder, %s,', (_where, lead, sent) => {
  it.each(changes)('is not sent when %s', async (_what, change, reason) => {
    const world = await clinic('whatsapp', 'sms')
    const goOn = await lead(world)
    change(world)
    await goOn()
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(sent)
    expect(reasonsOf(world)[0]).toBe(reason)
  })

  it('is sent when nothing changes', async () => {
    const world = await clinic('whatsapp', 'sms')
    const goOn = await lead(world)
    await goOn()
    expect(world.carrier.ledger).toHaveLength(sent + 1)
  })
})

describe('a patient who is merged into another', () => {
  it('leaves no reminder behind: the survivor is reminded of the visit that names them now, found by the sweep', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    world.emr.put(patient({ id: 'survivor', telecom: [{ system: 'phone', value: '+971507654321' }] }))
    world.emr.put(permit('sms', { patient: 'survivor', address: '+971507654321' }))
    changePatient(world, merged)
    changeVisit(world, {
      participant: [{ actor: { reference: 'Patient/survivor' }, status: 'needs-action' }],
    })
    await sweep(world.world, 'near')
    await world.settle()
    await world.pass(24 * hour)
    expect(world.carrier.ledger.map(({ to }) => to)).toEqual(['+971507654321'])
  })

  it('is written to at neither record while the visit still names the old one', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    world.emr.put(patient({ id: 'survivor' }))
    world.emr.put(permit('sms', { patient: 'survivor' }))
    changePatient(world, merged)
    await notify(world)
    await world.pass(24 * hour)
    expect(world.carrier.ledger).toEqual([])
  })
})
