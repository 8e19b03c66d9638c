/** A mixed install: our records stand beside the EMR, and its own chart is told what was said, each message once. */
import type { Communication } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import { copyMarkOf } from '../../src/fhir/chart-copy.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { emptyMessage } from '../../src/flows/remove-content.ts'
import { writeBack } from '../../src/flows/write-back.ts'
import type { HostCan } from '../fakes/limited-emr.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { createValidator } from '../fhir-validator.ts'
import { book, patient, permit, write } from './chart.ts'

/** Shows its chart, and takes Communications. */
const takesCopies: HostCan = (interaction, type) =>
  type === 'Communication' || ['read', 'search-type'].includes(interaction)

async function mixed(hostCan: HostCan = takesCopies, hostFindsNot: string[] = []): Promise<FakeWorld> {
  const world = await createWorld({}, { hostCan, hostFindsNot, writesBack: true })
  world.host.put(patient())
  world.emr.put(permit())
  return world
}

/** Handed over, and the EMR is still to be told. */
async function reminded(...wishes: Parameters<typeof mixed>): Promise<FakeWorld> {
  const world = await mixed(...wishes)
  await book(world, 24 * hour)
  return world
}

const copies = ({ host }: FakeWorld) => host.all('Communication')

function messages({ emr }: FakeWorld): Communication[] {
  return emr
    .all('Communication')
    .filter(({ category }) => JSON.stringify(category).includes('message-category'))
}

const marks = (world: FakeWorld) => messages(world).map(copyMarkOf)

async function deliver(world: FakeWorld, state: 'delivered' | 'undelivered'): Promise<void> {
  const [sent] = world.carrier.ledger
  const event = { kind: 'delivery', providerId: sent?.providerId ?? '', state, at: world.now() } as const
  const sender = world.world.senders.find(({ channel }) => channel === 'sms')
  await recordDelivery(world.world, sender?.id ?? '', event)
}

describe('what was said', () => {
  it('is told once to a host that finds no message by its identifier, also when the answer was lost', async () => {
    const world = await reminded(undefined, ['identifier'])
    world.host.failNext(new EmrError('lost'), { call: 'create', type: 'Communication', afterwards: true })
    await writeBack(world.world).catch(() => undefined)
    await writeBack(world.world)
    expect(copies(world)).toHaveLength(1)
    expect(marks(world)).toEqual(['told'])
  })

  it('is told to the EMR’s chart, in FHIR’s own words only', async () => {
    const world = await reminded()
    expect(marks(world)).toEqual(['waiting'])
    await writeBack(world.world)
    const [copy, ...more] = copies(world)
    expect(copy).toMatchObject({
      ...{ resourceType: 'Communication', status: 'completed', subject: { reference: 'Patient/sara' } },
      ...{ recipient: [{ reference: 'Patient/sara' }], medium: [{ coding: [{ code: 'SMSWRIT' }] }] },
      category: [{ coding: [{ code: 'notification' }] }],
      payload: [{ contentString: world.carrier.ledger[0]?.text }],
      sent: expect.any(String),
    })
    expect([copy?.extension, copy?.meta?.profile, copy?.basedOn, more]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ])
    expect(createValidator()(copy as Communication)).toEqual([])
    expect(marks(world)).toEqual(['told'])
    expect(world.counted['written_back completed']).toBe(1)
  })

  it('by the patient is told as theirs', async () => {
    const world = await reminded()
    await write(world, 'See you then')
    await writeBack(world.world)
    const [theirs] = copies(world).filter(({ sender }) => sender)
    expect(theirs).toMatchObject({
      ...{ sender: { reference: 'Patient/sara' }, received: expect.any(String) },
      payload: [{ contentString: 'See you then' }],
    })
    expect(new Set(marks(world))).toEqual(new Set(['told']))
  })

  it('by somebody whom nobody knows is told to no chart', async () => {
    const world = await mixed()
    await write(world, 'Who is this?', { from: '+971509999999' as never })
    await writeBack(world.world)
    expect(copies(world)).toEqual([])
  })

  it('is told once, however often the tick comes', async () => {
    const world = await reminded()
    for (let nth = 0; nth < 3; nth += 1) await writeBack(world.world)
    expect([copies(world).length, world.host.writes]).toEqual([1, 1])
  })

  it('and was never sent is not told', async () => {
    const world = await createWorld({}, { hostCan: takesCopies, writesBack: true })
    world.host.put(patient())
    await book(world, 24 * hour)
    await writeBack(world.world)
    expect([copies(world), marks(world)]).toEqual([[], [undefined]])
  })

  it('and was removed meanwhile is not told any more', async () => {
    const world = await reminded()
    const [message] = messages(world)
    await emptyMessage(world.world, message as never)
    await writeBack(world.world)
    expect([copies(world), marks(world)]).toEqual([[], [undefined]])
  })
})

describe('what came to nothing', () => {
  it('before the EMR was told is not told', async () => {
    const world = await reminded()
    await deliver(world, 'undelivered')
    await writeBack(world.world)
    expect(copies(world)).toEqual([])
  })

  it('after it was told is corrected, and again when it arrived after all', async () => {
    const world = await reminded()
    await writeBack(world.world)
    await deliver(world, 'undelivered')
    await writeBack(world.world)
    expect(copies(world)).toMatchObject([{ status: 'stopped' }])
    await deliver(world, 'delivered')
    await writeBack(world.world)
    expect(copies(world)).toMatchObject([{ status: 'completed' }])
    expect(marks(world)).toEqual(['told'])
  })

  it('is left as it is where the EMR lets no copy be changed', async () => {
    const noUpdate: HostCan = (interaction, type) =>
      interaction !== 'update' && takesCopies(interaction, type)
    const world = await reminded(noUpdate)
    await writeBack(world.world)
    await deliver(world, 'undelivered')
    await writeBack(world.world)
    expect(copies(world)).toMatchObject([{ status: 'completed' }])
    expect(marks(world)).toEqual(['corrected'])
  })
})

describe('whatever dies', () => {
  const down = () => new EmrError('the server does not answer', { status: 503 })

  it('before the EMR has it, the next tick tells it', async () => {
    const world = await reminded()
    world.host.failNext(down(), { call: 'create' })
    await expect(writeBack(world.world)).rejects.toThrow(EmrError)
    expect([copies(world), marks(world)]).toEqual([[], ['waiting']])
    await writeBack(world.world)
    expect([copies(world).length, marks(world)]).toEqual([1, ['told']])
  })

  it('on one message, the others are told all the same', async () => {
    const world = await reminded()
    await world.pass(minute)
    await write(world, 'See you then')
    world.host.failNext(down(), { call: 'create' })
    await expect(writeBack(world.world)).rejects.toThrow(EmrError)
    expect(copies(world).length).toBe(messages(world).length - 1)
  })

  it('after the EMR has it and before we know, there is no second copy', async () => {
    const world = await reminded()
    world.host.failNext(down(), { call: 'create', afterwards: true })
    await expect(writeBack(world.world)).rejects.toThrow(EmrError)
    await writeBack(world.world)
    expect([copies(world).length, marks(world)]).toEqual([1, ['told']])
  })

  it.each([
    false,
    true,
  ])('when it is marked (%s: and only the answer is lost), there is no second copy', async (afterwards) => {
    const world = await reminded()
    world.emr.failNext(down(), { call: 'save', type: 'Communication', afterwards })
    await expect(writeBack(world.world)).rejects.toThrow(EmrError)
    await writeBack(world.world)
    expect([copies(world).length, marks(world)]).toEqual([1, ['told']])
  })

  it('between the call and its answer, the message bears its mark as soon as the store says that it was sent', async () => {
    const world = await mixed()
    world.emr.failNext(down(), { call: 'save', type: 'Communication', afterwards: true })
    await book(world, 24 * hour).catch(() => undefined)
    for (const message of messages(world))
      expect([message.sent !== undefined, copyMarkOf(message)]).toEqual(
        message.sent ? [true, 'waiting'] : [false, undefined],
      )
  })
})

describe('an EMR that does not take it', () => {
  it('is asked once, and it is counted', async () => {
    const world = await reminded()
    world.host.failNext(new EmrError('refused', { status: 422 }), { call: 'create' })
    await writeBack(world.world)
    await world.pass(minute)
    await writeBack(world.world)
    expect([copies(world), marks(world)]).toEqual([[], ['refused']])
    expect(world.counted['written_back refused']).toBe(1)
    expect(world.logged).toContainEqual(expect.objectContaining({ code: '422' }))
  })

  it('does not keep the next message from it', async () => {
    const world = await reminded()
    await world.pass(minute)
    await write(world, 'See you then')
    world.host.failNext(new EmrError('refused', { status: 400 }), { call: 'create' })
    await writeBack(world.world)
    expect(copies(world).length).toBeGreaterThan(0)
  })

  it('because it takes none at all, is not asked', async () => {
    const world = await reminded((interaction) => interaction !== 'create')
    await writeBack(world.world)
    expect([copies(world), marks(world)]).toEqual([[], ['waiting']])
  })
})

it('what we send, answer and plan is the same with an outbox', async () => {
  const [plain, marked] = [await createWorld({}, { hostCan: takesCopies }), await mixed()]
  plain.host.put(patient())
  plain.emr.put(permit())
  for (const world of [plain, marked]) {
    await book(world, 24 * hour)
    await world.pass(minute)
    await write(world, 'C')
    await deliver(world, 'delivered')
    if (world === marked) await writeBack(world.world)
    await write(world, 'STOP')
  }
  const texts = (world: FakeWorld) => world.carrier.ledger.map(({ text }) => text)
  expect(texts(marked)).toEqual(texts(plain))
  expect(messages(marked).map(({ status }) => status)).toEqual(messages(plain).map(({ status }) => status))
})
