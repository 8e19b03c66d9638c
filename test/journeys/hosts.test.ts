/**
 * The same day in a clinic, in every EMR that the sandbox can be like: installed by the real command, booked by the EMR's own
 * staff, reminded, answered, opted out, taken back. What an EMR cannot do it `lacks`, with the reason.
 */
import type { Appointment } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import { createStaff, type Staff } from './hosts-staff.ts'
import { nothing } from './leftovers.ts'
import { type OpenDemo, openDemo } from './open-demo.ts'
import { createStranger, type NewPatient, type Stored, type Stranger } from './stranger.ts'
import { until } from './until.ts'

interface HostCase {
  like: LikeName
  /** Our records are in a store of our own. */
  beside: boolean
  lacks: {
    what: 'notifications' | 'answers' | 'write-back'
    because: string
  }[]
}

const silent = {
  what: 'notifications',
  because: 'it has no Subscription: a visit is seen when the schedule is looked through',
} as const
const keepsNoAnswers = { what: 'answers', because: 'it has no AppointmentResponse' } as const
const keepsNoMessages = { what: 'write-back', because: 'it takes no Communication about patients' } as const

const cases: HostCase[] = [
  { like: 'full', beside: false, lacks: [] },
  { like: 'hapi', beside: false, lacks: [] },
  { like: 'medplum', beside: false, lacks: [] },
  { like: 'epic', beside: true, lacks: [silent, keepsNoAnswers] },
  { like: 'oracle', beside: true, lacks: [silent, keepsNoAnswers, keepsNoMessages] },
  { like: 'openemr', beside: true, lacks: [silent, keepsNoAnswers, keepsNoMessages] },
]

describe.each(cases)('In an EMR like $like', ({ beside, like, lacks }) => {
  const lacking = (what: HostCase['lacks'][number]['what']) => lacks.some((one) => one.what === what)
  let demo: OpenDemo
  let staff: Staff
  /** Where our records are. */
  let store: Stranger
  let patient: NewPatient
  let visit: Stored<Appointment>
  let before: string[]

  beforeAll(async () => {
    demo = await openDemo({ args: ['--like', like] })
    staff = createStaff(demo.urls.emr)
    store = beside ? createStranger(`${demo.urls.store}/fhir`) : demo.stranger
    before = await staff.held()
    patient = await staff.admit(beside ? store : undefined)
  })
  afterAll(async () => {
    expect(await demo?.stop(), demo?.said()).toEqual({ ...nothing, code: 0 })
  })

  const look = async () => {
    if (lacking('notifications')) await demo.qasid('sweep')
  }
  const inbox = () => demo.phones.inbox(patient.phone)
  const ofPatient = async <T extends 'Consent' | 'CommunicationRequest'>(type: T) =>
    store.search(type, { patient: beside ? `${demo.urls.emr}/fhir/${patient.reference}` : patient.reference })

  it('a visit that is booked is reminded, once', async () => {
    visit = await staff.book(patient)
    await look()
    await until('the reminder is on the phone', async () => (await inbox()).length > 0, { within: 30_000 })
    await demo.settled()
    expect(await inbox()).toHaveLength(1)
  })

  it('a yes is kept where answers can be', async () => {
    await demo.phones.write(patient.phone, 'whatsapp', '1')
    const answers = lacking('answers') ? store : demo.stranger
    const reference =
      lacking('answers') && beside
        ? `${demo.urls.emr}/fhir/Appointment/${visit.id}`
        : `Appointment/${visit.id}`
    const found = await until('the answer is kept', async () => {
      const [one] = await answers.search('AppointmentResponse', { appointment: reference })
      return one
    })
    expect(found.participantStatus).toBe('accepted')
  })

  it('what was said is where the report says', { timeout: 120_000 }, async () => {
    await demo.settled()
    const said = await store.search('Communication', {
      subject: beside ? `${demo.urls.emr}/fhir/${patient.reference}` : patient.reference,
    })
    expect(said.length).toBeGreaterThanOrEqual(2)
    if (!beside) return
    const told = await staff.heldOf('Communication')
    if (lacking('write-back')) return expect(told).toEqual([])
    await until('the EMR is told', async () => (await staff.heldOf('Communication')).length >= 2, {
      within: 90_000,
    })
  })

  it('STOP holds for the next visit too', async () => {
    const before = (await inbox()).length
    await demo.phones.write(patient.phone, 'whatsapp', 'STOP')
    await until('the denial is kept', async () =>
      (await ofPatient('Consent')).some(
        ({ status, provision }) => status === 'active' && provision?.type === 'deny',
      ),
    )
    await until('it is confirmed', async () => (await inbox()).length === before + 1)
    await staff.book(patient, { inHours: 26 })
    await look()
    await until(
      'the second visit is judged',
      async () =>
        (await ofPatient('CommunicationRequest')).some(
          ({ status, statusReason }) =>
            status === 'revoked' && statusReason?.coding?.some(({ code }) => code === 'opted-out'),
        ),
      { within: 30_000 },
    )
    await demo.settled()
    expect(await inbox()).toHaveLength(before + 1)
  })

  it('an uninstall takes back all but what was said', async () => {
    const ended = await demo.qasid(
      'uninstall',
      'sample-clinic',
      '--yes',
      ...(like === 'medplum' ? ['--token-env', 'SANDBOX_ADMIN_TOKEN'] : []),
    )
    // OpenEMR lets nobody delete a client: the command names it and ends with 1.
    expect(ended, ended.said).toMatchObject({ code: like === 'openemr' ? 1 : 0 })
    const kept = [
      'Communication',
      'CommunicationRequest',
      'Consent',
      'Task',
      'Provenance',
      'AuditEvent',
      'AppointmentResponse',
      'Patient',
      'Appointment',
      'ActivityDefinition',
    ]
    const isKept = (one: string) => kept.some((type) => one.startsWith(`${type}/`))
    const after = (await staff.held()).filter((one) => !isKept(one))
    // The demo was installed before anybody could look.
    const installed = (one: string) =>
      /^(Subscription|Basic|StructureDefinition|CodeSystem|ValueSet|NamingSystem|ClientApplication|AccessPolicy|client)\b/.test(
        one,
      ) && !/qasid-(app|worker)$/.test(one)
    const clean = before.filter((one) => !isKept(one) && !installed(one))
    expect(after.filter((one) => like !== 'openemr' || !one.startsWith('client '))).toEqual(clean)
  })
})
