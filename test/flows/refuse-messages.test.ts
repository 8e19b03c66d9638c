import { beforeEach, describe, expect, it } from 'vitest'
import { day } from '../../src/domain/time.ts'
import { writeMessages } from '../../src/flows/write-messages.ts'
import { createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { patient, permit, visit, write } from './chart.ts'
import { addPatient, addPatients, type Differs, orderIn, reminder, requestsIn } from './ordering.ts'

let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  addPatients(world)
})

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
    expect(error).toBe(
      'There is no template called visit-remainder; there are: visit-reminder, visit-reminder-confirmed.',
    )
  })

  it('a template that lacks a value, by the value’s name', async () => {
    const { error } = await refusal({ content: { kind: 'template', name: 'visit-reminder' } })
    expect(error).toBe('The template visit-reminder needs a value for start.')
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

  it('a file that is not in the chart', async () => {
    const { error } = await refusal({ content: { kind: 'file', file: 'DocumentReference/none' } })
    expect(error).toMatch(/file is not in the EMR/)
  })

  it('an end before its beginning', async () => {
    expect((await refusal({ until: startOfDay })).error).toMatch(/until is not after at/)
  })

  it('one patient with two different values', async () => {
    const start = '2026-11-22T09:00:00Z'
    const refused = await writeMessages(world.world, {
      entries: ['1', '2'].map((place) => ({ to: 'Patient/sara', parameters: { start, place } })),
      content: { kind: 'template', name: 'visit-reminder' },
      priority: 'routine',
      call: { key: 'k1', body: 'b1' },
    })
    const error = 'This patient stands in the list twice, with different values.'
    expect(refused).toMatchObject({ refused: [{ to: 'Patient/sara', error }] })
    expect(requests()).toEqual([])
  })
})
