import { beforeEach, describe, expect, it } from 'vitest'
import { hour, minute, parseInstant } from '../../src/domain/time.ts'
import { fromAttempt } from '../../src/fhir/attempt.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { idOf } from '../../src/fhir/reference.ts'
import { messageStatus } from '../../src/flows/message-status.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { retryFailed, retryMessage } from '../../src/flows/retry-message.ts'
import { writeMessages } from '../../src/flows/write-messages.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, permit } from './chart.ts'

let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  world.emr.put(patient())
  world.emr.put(permit('sms'))
})

/** Ordered and dispatched; answers with the id of the request. */
async function ordered(text = 'Please bring your papers.'): Promise<string> {
  const written = await writeMessages(world.world, {
    entries: [{ to: 'Patient/sara', parameters: {} }],
    content: { kind: 'text', text },
    channels: ['sms'],
    priority: 'routine',
    call: { key: 'k1', body: 'b1' },
  })
  if (written.kind !== 'written') throw new Error(`it was ${written.kind}`)
  await world.settle()
  return idOf(written.messages[0]?.reference ?? '')
}

function request() {
  const [resource] = world.emr.all('CommunicationRequest')
  const read = resource && fromCommunicationRequest(resource)
  if (read?.kind !== 'request') throw new Error('there is no request')
  return read.request
}

const states = () => world.emr.all('Communication').flatMap((one) => fromAttempt(one)?.state ?? [])

const unreachable = { kind: 'rejected', reason: 'recipient-unreachable', code: '30003' } as const

describe('a message that failed', () => {
  it('is tried once more in a round of its own, and arrives', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    expect(request()).toMatchObject({ status: 'revoked', reason: 'recipient-unreachable' })
    expect(await retryMessage(world.world, id)).toMatchObject({ kind: 'retried', round: 1 })
    expect(request()).toMatchObject({ status: 'active', reason: undefined, round: 1 })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
    expect(world.carrier.ledger[0]?.attemptId).toBe(`${id}_0_r1`)
    expect(request()).toMatchObject({ status: 'completed' })
  })

  it('because the chart was wrong is tried once the chart is right', async () => {
    world.carrier.next({ kind: 'rejected', reason: 'invalid-recipient', code: '21211' })
    const id = await ordered()
    world.emr.put(patient({ telecom: [{ system: 'phone', value: '+971507654321' }] }))
    world.emr.put(permit('sms', { address: '+971507654321' }))
    await retryMessage(world.world, id)
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([{ to: '+971507654321' }])
  })

  it('is judged anew: who opted out since gets nothing', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    const denied = permit('sms')
    world.emr.put({ ...denied, status: 'inactive' })
    await retryMessage(world.world, id)
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(0)
    expect(request()).toMatchObject({ status: 'revoked', reason: 'no-consent' })
  })

  it('needs a new end once its time is over', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    await world.pass(49 * hour)
    expect(await retryMessage(world.world, id)).toMatchObject({
      kind: 'refused',
      error: expect.stringMatching(/until when/),
    })
    const until = parseInstant('2026-11-25T08:00:00Z')
    expect(await retryMessage(world.world, id, { until })).toMatchObject({ kind: 'retried' })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('is opened once when two retry it at once', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    const answers = await Promise.all([retryMessage(world.world, id), retryMessage(world.world, id)])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['refused', 'retried'])
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('is retried without Redis too, at the next tick', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    const { add } = world.world.jobs
    world.world.jobs.add = async () => {
      throw new Error('Redis is away')
    }
    expect(await retryMessage(world.world, id)).toMatchObject({ kind: 'retried' })
    world.world.jobs.add = add
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('what may have arrived is never tried again', () => {
  it.each([
    ['was handed over', [], /handed over/],
    ['was read', ['read'], /has arrived/],
  ] as const)('when it %s', async (_what, told, says) => {
    const id = await ordered()
    const [carried] = world.carrier.ledger
    for (const state of told)
      await recordDelivery(world.world, 'sms', {
        ...{ kind: 'delivery', state, at: world.now() },
        ...{ attemptId: carried?.attemptId, providerId: carried?.providerId ?? '' },
      })
    expect(await retryMessage(world.world, id)).toMatchObject({
      kind: 'refused',
      error: expect.stringMatching(says),
    })
  })

  it('when nobody knows', async () => {
    world.carrier.next({ kind: 'unknown', because: 'timeout' })
    const id = await ordered()
    expect(await retryMessage(world.world, id)).toMatchObject({
      error: expect.stringMatching(/Nobody knows/),
    })
    await world.pass(72 * hour)
    await retryFailed(world.world)
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('and neither is what the patient refused', async () => {
    world.carrier.next({ kind: 'opted-out', code: '21610' })
    const id = await ordered()
    const error = 'The patient opted out at the provider.'
    expect(await retryMessage(world.world, id)).toEqual({ kind: 'refused', error })
  })

  it('nor what is not ours', async () => {
    const { resource } = await world.emr.create({
      ...{ resourceType: 'CommunicationRequest', status: 'active' },
      subject: { reference: 'Patient/sara' },
    })
    expect(await retryMessage(world.world, resource.id)).toEqual({ kind: 'missing' })
    expect(await retryMessage(world.world, 'none')).toEqual({ kind: 'missing' })
    expect(await messageStatus(world.world, resource.id)).toBeUndefined()
  })
})

describe('the hourly retry', () => {
  const hourly = async () => {
    await world.pass(hour)
    await retryFailed(world.world)
    await world.settle()
  }

  it('opens what passes by itself an hour after it failed', async () => {
    world.carrier.next(unreachable)
    await ordered()
    await world.pass(30 * minute)
    await retryFailed(world.world)
    expect(request().status).toBe('revoked')
    await hourly()
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('gives up after three rounds', async () => {
    world.carrier.next(unreachable, unreachable, unreachable, unreachable)
    await ordered()
    for (let time = 0; time < 6; time++) await hourly()
    expect(states().filter((state) => state === 'failed')).toHaveLength(3)
    expect(request()).toMatchObject({ status: 'revoked', round: 2 })
  })

  it('leaves what someone has to mend', async () => {
    world.carrier.next({ kind: 'rejected', reason: 'invalid-recipient', code: '21211' })
    await ordered()
    await hourly()
    expect(request()).toMatchObject({ status: 'revoked', reason: 'invalid-recipient' })
  })
})

describe('the status of a message', () => {
  it('tells each attempt by codes and times, and nothing that the patient could be known by', async () => {
    world.carrier.next(unreachable)
    const id = await ordered()
    await retryMessage(world.world, id)
    await world.settle()
    const status = await messageStatus(world.world, id)
    expect(status).toMatchObject({
      ...{ id, status: 'completed', channels: ['sms'], dueAt: '2026-11-20T05:30:00.000Z' },
      attempts: [
        { state: 'failed', reason: 'recipient-unreachable', code: '30003', sender: 'sms' },
        { state: 'not-sent' },
        { state: 'queued', sentAt: '2026-11-20T05:30:00.000Z', segments: 1 },
      ],
    })
    expect(JSON.stringify(status)).not.toMatch(/papers|Sara|\+9715/)
  })

  it('names the sender that holds it up', async () => {
    world.carrier.next({ kind: 'misconfigured', code: '20003' })
    const id = await ordered()
    const status = await messageStatus(world.world, id)
    expect(status).toMatchObject({ status: 'active' })
    expect(status?.sentence).toMatch(/^The sender sms is paused .*\(20003\).*test it\.$/)
  })
})
