import type { DocumentReference } from 'fhir/r4'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TemplateApproval } from '../../src/domain/approval.ts'
import { languages } from '../../src/domain/language.ts'
import { day } from '../../src/domain/time.ts'
import { withApprovals } from '../../src/fhir/template.ts'
import { writeMessages } from '../../src/flows/write-messages.ts'
import { createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { patient, permit, visit, write } from './chart.ts'
import { addPatient, addPatients, type Differs, orderIn, reminder, requestsIn } from './ordering.ts'

let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  addPatients(world)
  world.emr.put(document)
})

const confirmed = { kind: 'template', name: 'visit-reminder-confirmed' } as const
const report = { kind: 'file', file: 'DocumentReference/report' } as const
const never = { kind: 'unreachable', code: 'nobody asks' } as const
const document: DocumentReference = {
  ...{ resourceType: 'DocumentReference', id: 'report', status: 'current' },
  subject: { reference: 'Patient/sara' },
  content: [{ attachment: { contentType: 'application/pdf', data: btoa('%PDF-1.7') } }],
}

function approve(name: string, status: TemplateApproval['status']): void {
  const [resource] = world.emr.all('ActivityDefinition').filter((one) => one.name === name)
  if (!resource) throw new Error('no such template')
  const approvals = languages.map((language): TemplateApproval => {
    const said = { sender: 'whatsapp', name: `${name}_1_full`, id: 'T1', at: world.now() }
    return { ...said, language, status }
  })
  world.emr.put(withApprovals(resource, approvals))
  world.world.clinic.forgetTemplates()
}

const order = (differs?: Differs) => orderIn(world, differs)
const requests = () => requestsIn(world)

describe('what cannot be sent is refused before anything is written', () => {
  const refusal = async (differs: Differs) => {
    const refused = await order(differs)
    expect(world.emr.all('CommunicationRequest')).toEqual([])
    expect(world.jobs.pending()).toEqual([])
    if (refused.kind !== 'refused') throw new Error(`it was ${refused.kind}`)
    return refused
  }

  it('all of it when one of many is', async () => {
    world.emr.put(patient({ id: 'noor' }))
    const refused = await refusal({ to: ['Patient/sara', 'Patient/noor', 'Patient/ghost'] })
    expect(refused.error).toBe('Nothing was written: 2 of 3 recipients are refused.')
    expect(refused.refused.map(({ to, reason }) => [to, reason])).toEqual([
      ['Patient/noor', 'no-consent'],
      ['Patient/ghost', 'patient-missing'],
    ])
  })

  it('a template that is not there, with those that are', async () => {
    const { error } = await refusal({ content: { kind: 'template', name: 'visit-remainder' } })
    expect(error).toMatch(
      /^There is no template called visit-remainder; there are: visit-reminder, visit-reminder-confirmed\b/,
    )
  })

  it('a template that lacks a value, by the value’s name', async () => {
    const { error } = await refusal({ content: confirmed })
    expect(error).toBe('The template visit-reminder-confirmed needs a value for start.')
  })

  it.each([
    'reply-stop',
    'reply-confirmed',
  ])('our fixed answer %s, as a template that is not there', async (name) => {
    const { error } = await refusal({ content: { kind: 'template', name } })
    expect(error).toMatch(/^There is no template called reply-.*; there are: visit-reminder, /)
  })

  it('a question about a visit that is not named', async () => {
    const { error } = await refusal({
      content: { kind: 'template', name: 'visit-reminder' },
      parameters: { start: '2026-11-22T09:00:00Z' },
    })
    expect(error).toBe('visit-reminder asks for an answer to a visit: name the visit.')
  })

  it.each([
    [{ start: 'tomorrow' }, 'start must be a time such as 2026-11-25T10:00:00+04:00.'],
    [{ start: '2026-11-22T09:00:00Z', zone: 'Dubai' }, 'zone must be an IANA zone such as Asia/Dubai.'],
    [
      { start: '2026-11-22T09:00:00Z', foo: 'x' },
      'visit-reminder-confirmed knows no value foo; it knows: start, place, practitioner, zone.',
    ],
    [
      { 'what is no name': 'x' },
      'visit-reminder-confirmed knows no such value; it knows: start, place, practitioner, zone.',
    ],
  ])('values that cannot be used: %j', async (parameters, says) => {
    const { error } = await refusal({ content: confirmed, parameters })
    expect(error).toBe(says)
  })

  it('a channel without a sender, with those that have one', async () => {
    world.world.senders.splice(2, 1)
    const { error } = await refusal({ channels: ['email'] })
    expect(error).toBe('There is no sender for email; there are for: whatsapp, sms.')
  })

  it('free text by WhatsApp outside its window, with the templates that may go', async () => {
    world.emr.put(permit('whatsapp'))
    const { error } = await refusal({ channels: ['whatsapp'] })
    expect(error).toMatch(/24 hours .* Send a template instead: visit-reminder, /)
  })

  it('names there only what a company has approved, or who has still to approve it', async () => {
    world.emr.put(permit('whatsapp'))
    const [sender] = world.world.senders
    if (!sender) throw new Error('no sender')
    Object.assign(sender, { carries: { ...sender.carries, templates: 'approved' } })
    const wanted = { channels: ['whatsapp' as const] }
    expect((await refusal(wanted)).error).toMatch(
      /No template is approved .* yet\. Submit it in the console of sandbox, under the names that GET/,
    )
    sender.desk = { submit: async () => ({ kind: 'refused', code: 'x' }), list: async () => never }
    expect((await refusal(wanted)).error).toMatch(/The company of the sender whatsapp has still to decide\.$/)
    approve('visit-reminder-confirmed', 'pending')
    expect((await refusal(wanted)).error).toMatch(/has still to decide\.$/)
    approve('visit-reminder-confirmed', 'approved')
    expect((await refusal(wanted)).error).toMatch(/Send a template instead: visit-reminder-confirmed\.$/)
  })

  it('a template that is not approved, with where it can be', async () => {
    world.emr.put(permit('whatsapp'))
    world.emr.put(visit((startOfDay + day) as typeof startOfDay))
    const [sender] = world.world.senders
    if (!sender) throw new Error('no sender')
    Object.assign(sender, { carries: { ...sender.carries, templates: 'approved' } })
    const { error } = await refusal({ ...reminder, channels: ['whatsapp'] })
    expect(error).toMatch(
      /^The template is not approved for WhatsApp yet\. Submit it in the console of sandbox/,
    )
  })

  it('names each channel where they are closed for different reasons', async () => {
    const [, sms] = world.world.senders
    if (sms) Object.assign(sms, { carries: { ...sms.carries, files: [] } })
    const { error } = await refusal({ content: report, channels: ['whatsapp', 'sms', 'email'] })
    expect(error).toBe('WhatsApp: no consent; SMS: cannot carry a file; e-mail: no address in the chart.')
  })

  it('but free text inside the window goes', async () => {
    world.emr.put(permit('whatsapp'))
    await write(world, 'Hello', { channel: 'whatsapp' })
    const before = world.carrier.ledger.length
    expect(await order({ channels: ['whatsapp'] })).toMatchObject({ kind: 'written' })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(before + 1)
  })

  it('a landline in the chart', async () => {
    addPatient(world, 'desk', '+97143334444')
    expect((await refusal({ to: ['Patient/desk'] })).error).toMatch(/landline/)
  })

  it('a visit that is gone, cancelled, or another patient’s', async () => {
    expect((await refusal(reminder)).error).toBe('The visit is no longer in the schedule.')
    world.emr.put(visit((startOfDay + day) as typeof startOfDay))
    expect((await refusal({ ...reminder, to: ['Patient/omar'] })).error).toBe(
      'The visit is not this patient’s.',
    )
    world.emr.put(visit((startOfDay + day) as typeof startOfDay, { status: 'cancelled' }))
    expect((await refusal(reminder)).error).toBe('The visit was cancelled.')
  })

  it.each([
    ['that is not in the chart', { id: 'other' }, /^The file is not in the EMR, or cannot be read\.$/],
    ['of another patient', { subject: { reference: 'Patient/omar' } }, /^The file is not this patient’s\.$/],
    ['that is superseded', { status: 'superseded' }, /^The document is superseded/],
  ] as const)('a file %s, before any channel', async (_what, differs, says) => {
    world.emr.remove('DocumentReference/report')
    world.emr.put({ ...document, ...differs })
    expect((await refusal({ content: report, channels: ['whatsapp'] })).error).toMatch(says)
  })

  it('a Binary of which nobody says whose it is', async () => {
    world.emr.put({ resourceType: 'Binary', id: 'scan', contentType: 'image/png', data: btoa('png') })
    const { error } = await refusal({ content: { kind: 'file', file: 'Binary/scan' } })
    expect(error).toMatch(/name its DocumentReference/)
  })

  it('an end before its beginning', async () => {
    expect((await refusal({ until: startOfDay })).error).toMatch(/until is not after at/)
  })

  it('one patient with two different values', async () => {
    const start = '2026-11-22T09:00:00Z'
    const refused = await writeMessages(world.world, {
      entries: ['1', '2'].map((place) => ({ to: 'Patient/sara', parameters: { start, place } })),
      content: confirmed,
      priority: 'routine',
      call: { key: 'k1', body: 'b1' },
    })
    const error = 'This patient stands in the list twice, with different values.'
    expect(refused).toMatchObject({ refused: [{ to: 'Patient/sara', error }] })
    expect(requests()).toEqual([])
  })
})
