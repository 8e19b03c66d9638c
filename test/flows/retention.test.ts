import { describe, expect, it } from 'vitest'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { day, hour, minute, second } from '../../src/domain/time.ts'
import { fromCommunication } from '../../src/fhir/communication.ts'
import { isRedacted } from '../../src/fhir/redaction.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { previewRetention } from '../../src/flows/preview-retention.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { retain, retainByClock } from '../../src/flows/retain.ts'
import { retryMessage } from '../../src/flows/retry-message.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, phone } from './chart.ts'
import { clinicWithWords, found, said } from './said.ts'

const everything = [...Object.values(said), phone]

async function later(passed = 100 * day): Promise<FakeWorld> {
  const world = await clinicWithWords()
  await world.pass(passed)
  return world
}

const conversation = ({ emr }: FakeWorld) =>
  emr.all('Communication').flatMap((one) => fromCommunication(one) ?? [])

function keeping(world: FakeWorld, contentFor: ClinicSettings['retention']['contentFor']): void {
  const { settings } = world.world.clinic
  world.world.clinic.settings = async () => ({ ...(await settings()), retention: { contentFor } })
}

describe('what was said longer ago than it is kept', () => {
  it('is nowhere in the store, in no older version, and gone at the provider', async () => {
    const world = await later()
    expect(found(world)).toEqual(everything)
    await retainByClock(world.world)
    expect(found(world)).toEqual([])
    expect([...world.carrier.forgotten].sort()).toEqual([expect.stringMatching(/^IN/), 'SB1', 'SB2'])
  })

  it('leaves the shell: who, when, by what channel, what became of it, and that it was emptied', async () => {
    const world = await later()
    const before = conversation(world)
    await retain(world.world)
    const words = { text: undefined, files: undefined, reaction: undefined, from: undefined, to: undefined }
    const shell = (all: typeof before) => all.map((one) => ({ ...one, ...words, redacted: true }))
    expect(conversation(world).map((one) => ({ ...one, ...words }))).toEqual(shell(before))
    expect(attempts(world)).toMatchObject([
      { state: 'queued', sender: 'sms', segments: 1 },
      { state: 'failed', reason: 'content-refused' },
      { state: 'not-sent', reason: 'content-refused' },
      { state: 'queued', template: expect.stringContaining('visit-reminder') },
      { state: 'not-sent', reason: 'expired' },
    ])
  })

  it('keeps enough of a number to tell two of a family apart, and not enough to write to it', async () => {
    const world = await later()
    await retain(world.world)
    expect(JSON.stringify(world.emr.all('Communication'))).toContain('+9715•••••567')
  })

  it('is noted in an AuditEvent: of what, and nothing of what it said', async () => {
    const world = await later()
    await retain(world.world)
    const events = world.emr.all('AuditEvent').filter(({ action }) => action === 'D')
    const emptied = events.flatMap(({ entity }) => entity?.map(({ what }) => what?.reference))
    const shells = [...world.emr.all('Communication'), ...world.emr.all('CommunicationRequest')]
    expect(emptied.sort()).toEqual(
      shells
        .filter(isRedacted)
        .map(({ resourceType, id }) => `${resourceType}/${id}`)
        .sort(),
    )
    expect(events[0]?.subtype?.map(({ code }) => code)).toEqual(['redact', 'destroy'])
  })

  it('is emptied once: a second run writes nothing', async () => {
    const world = await later()
    await retain(world.world)
    const { writes } = world.emr
    expect((await retain(world.world)).removals).toEqual([])
    expect(world.emr.writes).toBe(writes)
  })

  it('is kept until then', async () => {
    const world = await later(80 * day)
    const { writes } = world.emr
    await retain(world.world)
    expect(world.emr.writes).toBe(writes)
  })

  it('is kept where the clinic keeps it for ever', async () => {
    const world = await later(4_000 * day)
    keeping(world, 'forever')
    const { writes } = world.emr
    expect(await retain(world.world)).toMatchObject({ since: undefined, removals: [] })
    expect(await previewRetention(world.world)).toEqual({ found: [] })
    expect(world.emr.writes).toBe(writes)
  })

  it('is counted first, and nothing is touched', async () => {
    const world = await later()
    const { writes } = world.emr
    const { found: counted } = await previewRetention(world.world)
    expect(counted.map(({ kind, count }) => [kind, count])).toEqual([
      ['patient-message', 1],
      ['file', 1],
      ['attempt', 5],
      ['request', 4],
    ])
    expect([world.emr.writes, world.carrier.forgotten.size]).toEqual([writes, 0])
    const { removals } = await retain(world.world)
    expect(removals).toHaveLength(1 + 5 + 4)
  })

  it('goes a bounded number at a time, and all of it in the end', async () => {
    const world = await later()
    for (let run = 0; run < 9; run++) {
      const { isCutOff } = await retain(world.world, { most: 1 })
      if (!isCutOff) break
    }
    expect(found(world)).toEqual([])
  })
})

describe('a run that dies', () => {
  const away = () => new EmrError('The store is away', { status: 503 })

  it.each([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16,
  ])('at save %i leaves what the next one does', async (at) => {
    const world = await later()
    const { save } = world.world.store
    let saves = 0
    world.world.store.save = (resource) => {
      saves += 1
      return saves >= at ? Promise.reject(away()) : save(resource)
    }
    await retain(world.world).catch(() => {})
    expect(saves).toBeGreaterThanOrEqual(at)
    world.world.store.save = save
    await retain(world.world)
    expect(found(world)).toEqual([])
    expect(world.carrier.forgotten.size).toBe(3)
    expect(JSON.stringify(world.emr.all('Communication'))).not.toContain('copy-left')
  })

  it('turns the clock red, and one message holds up no other', async () => {
    const world = await later()
    const { save } = world.world.store
    const [first] = world.emr.all('Communication').filter((one) => one.sent)
    world.world.store.save = (resource) =>
      resource.id === first?.id ? Promise.reject(away()) : save(resource)
    await expect(retainByClock(world.world)).rejects.toThrow('1 messages could not be emptied')
    const left = world.emr.all('Communication').filter((one) => !isRedacted(one) && one.payload)
    expect(left.map(({ id }) => id)).toEqual([first?.id])
  })

  it('while the provider is away empties the store, and asks the provider again until it does', async () => {
    const world = await later()
    world.carrier.forgets = { kind: 'later', code: 'ECONNREFUSED' }
    await retainByClock(world.world)
    expect([found(world), world.carrier.forgotten.size]).toEqual([[], 0])
    await retainByClock(world.world)
    world.carrier.forgets = { kind: 'redacted' }
    await retainByClock(world.world)
    expect(world.carrier.forgotten.size).toBe(3)
    world.carrier.forgotten.clear()
    await retainByClock(world.world)
    expect(world.carrier.forgotten.size).toBe(0)
  })
})

describe('a message that was emptied', () => {
  it('can never be sent, by no tick, by no nudge, by no one who makes it active again', async () => {
    const world = await later()
    await retain(world.world)
    const sent = world.carrier.ledger.length
    for (const request of world.emr.all('CommunicationRequest')) {
      const reset = {
        ...request,
        status: 'active',
        occurrenceDateTime: new Date(world.now()).toISOString(),
      } as const
      const until = new Date(world.now() + hour).toISOString()
      const extension = request.extension?.map((one) =>
        one.valuePeriod ? { ...one, valuePeriod: { ...one.valuePeriod, end: until } } : one,
      )
      world.emr.put({ ...reset, extension, statusReason: undefined })
      await world.jobs.add({ kind: 'dispatch', request: `CommunicationRequest/${request.id}` })
    }
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(sent)
    const ends = world.emr
      .all('CommunicationRequest')
      .map(({ status, statusReason }) => [status, statusReason?.coding?.[0]?.code])
    expect(ends).toContainEqual(['revoked', 'no-content'])
  })

  it('is not tried once more', async () => {
    const world = await later()
    await retain(world.world)
    const refused = attempts(world).find(({ state }) => state === 'failed')
    const id = refused?.request.replace('CommunicationRequest/', '') ?? ''
    expect(await retryMessage(world.world, id)).toEqual({
      ...{ kind: 'refused', error: 'What this message said was removed: write another.' },
    })
  })

  it('takes a late event and stays empty', async () => {
    const world = await later()
    await retain(world.world)
    const carried = world.carrier.ledger[0]
    await recordDelivery(world.world, 'sms', {
      ...{ kind: 'delivery', attemptId: carried?.attemptId, providerId: carried?.providerId ?? '' },
      ...{ state: 'delivered', at: world.now() },
    })
    expect(attempts(world)[0]).toMatchObject({ state: 'delivered', redacted: true })
    expect(found(world)).toEqual([])
    expect(JSON.stringify(world.emr.all('Communication'))).toContain('+9715•••••567')
  })

  it('does not come back with a webhook that is repeated', async () => {
    const world = await later()
    await retain(world.world)
    const [inbound] = conversation(world).filter(({ direction }) => direction === 'in')
    const sender = world.world.senders.find(({ channel }) => channel === 'sms')
    if (!sender || !inbound) throw new Error('nobody wrote')
    await receiveMessage(world.world, sender, {
      ...{ kind: 'inbound', providerId: inbound.providerId ?? '', channel: 'sms', at: world.now() },
      ...{ from: phone, to: sender.address, text: said.written },
    })
    await world.pass(second)
    expect(found(world)).toEqual([])
  })
})
