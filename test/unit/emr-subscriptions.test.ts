import type { Subscription } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { ensureSubscription, unsubscribe } from '../../src/emr/subscriptions.ts'
import { type SubscriptionWish, toSubscription } from '../../src/fhir/subscription.ts'
import { EmrError, type Stored } from '../../src/flows/ports.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { createValidator } from '../fhir-validator.ts'

const validate = createValidator()

const wish: SubscriptionWish = {
  criteria: 'Appointment?status=booked,pending',
  endpoint: 'https://qasid.example/notify/sample-clinic/k1',
  headers: ['X-Qasid-Secret: first'],
  payload: 'application/fhir+json',
  reason: 'Plan reminders when visits change',
}

async function ensured(change: (kept: Stored<Subscription>) => Stored<Subscription> = (kept) => kept) {
  const emr = createMemoryEmr({ validate })
  await ensureSubscription(emr, wish)
  const kept = emr.all('Subscription')[0]
  if (!kept) throw new Error('none was made')
  emr.put(change(kept))
  return { emr, id: kept.id, before: emr.writes }
}

describe('a Subscription', () => {
  it('is made when there is none', async () => {
    const emr = createMemoryEmr({ validate })
    const made = await ensureSubscription(emr, wish)
    const reference = `Subscription/${emr.all('Subscription')[0]?.id}`
    expect(made).toEqual({ status: 'requested', reference, wasMended: false })
    expect(emr.all('Subscription')[0]).toMatchObject({
      status: 'requested',
      criteria: wish.criteria,
      channel: { type: 'rest-hook', endpoint: wish.endpoint, payload: wish.payload, header: wish.headers },
    })
  })

  it('is made once, however often it is asked for', async () => {
    const { emr, id, before } = await ensured((kept) => ({ ...kept, status: 'active' }))
    const reference = `Subscription/${id}`
    expect(await ensureSubscription(emr, wish)).toEqual({ status: 'active', reference, wasMended: false })
    expect(emr.writes).toBe(before)
  })

  it('begins as active where the host makes none active by itself, also one that waits since before', async () => {
    const { emr } = await ensured()
    const startsAs = 'active' as const
    const mended = await ensureSubscription(emr, { ...wish, startsAs })
    expect([mended.status, mended.wasMended]).toEqual(['active', false])
    expect(emr.all('Subscription').map(({ status }) => status)).toEqual(['active'])
    const made = await ensureSubscription(createMemoryEmr({ validate }), { ...wish, startsAs })
    expect(made.status).toBe('active')
  })

  it('is another one for another criterion or another endpoint', async () => {
    const { emr } = await ensured()
    await ensureSubscription(emr, { ...wish, criteria: 'Patient?' })
    await ensureSubscription(emr, { ...wish, endpoint: 'https://qasid.example/notify/other/k2' })
    expect(emr.all('Subscription')).toHaveLength(3)
  })

  it.each(['error', 'off'] as const)('is asked for again when the host says %s', async (status) => {
    const { emr, id } = await ensured((kept) => ({ ...kept, status, error: 'gave up after 3 tries' }))
    expect(await ensureSubscription(emr, wish)).toEqual({
      status: 'requested',
      reference: `Subscription/${id}`,
      wasMended: true,
    })
    expect(emr.all('Subscription')).toHaveLength(1)
    expect(emr.all('Subscription')[0]?.error).toBeUndefined()
  })

  it('gets the new secret', async () => {
    const { emr } = await ensured((kept) => ({ ...kept, status: 'active' }))
    await ensureSubscription(emr, { ...wish, headers: ['X-Qasid-Secret: second'] })
    expect(emr.all('Subscription').map(({ channel }) => channel.header)).toEqual([['X-Qasid-Secret: second']])
  })

  it.each([
    true,
    false,
  ])('is made anew when it is silent, also where deleting is allowed: %s', async (deletes) => {
    const emr = createMemoryEmr({ deletes })
    await ensureSubscription(emr, wish)
    const [old] = emr.all('Subscription')
    if (old) emr.put({ ...old, status: 'active' })
    const made = await ensureSubscription(emr, wish, { anew: true })
    expect(made).toMatchObject({ status: 'requested', wasMended: false })
    expect(emr.all('Subscription').map(({ id }) => id === old?.id)).toEqual([!deletes])
  })

  it('asks for deletions too, in the words that HAPI knows', () => {
    const url = 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages'
    expect(toSubscription(wish).channel.extension).toEqual([{ url, valueBoolean: true }])
  })

  it('may be one by a topic, whose notifications bring ids and heartbeats', async () => {
    const emr = createMemoryEmr()
    const topic = 'https://emr.example/topics/visits'
    const byTopic = { ...wish, topic, heartbeatSeconds: 300, timeoutSeconds: 5, signingSecret: 'of-a-test' }
    await ensureSubscription(emr, byTopic)
    await ensureSubscription(emr, byTopic)
    const [made, ...more] = emr.all('Subscription')
    expect(more).toEqual([])
    expect(made).toMatchObject({
      criteria: topic,
      extension: [{ valueString: 'of-a-test' }],
      channel: {
        payload: 'application/fhir+json',
        _payload: { extension: [{ valueCode: 'id-only' }] },
        extension: [{ valueBoolean: true }, { valueUnsignedInt: 300 }, { valueUnsignedInt: 5 }],
      },
    })
  })

  it('may be one without a payload', async () => {
    const emr = createMemoryEmr({ validate })
    const { payload: _without, ...empty } = wish
    await ensureSubscription(emr, empty)
    await ensureSubscription(emr, empty)
    expect(emr.all('Subscription').map(({ channel }) => channel.payload)).toEqual([undefined])
  })
})

describe('unsubscribing', () => {
  const other = { ...wish, endpoint: `${wish.endpoint}-of-another` }
  async function both(deletes: boolean) {
    const host = createMemoryEmr({ deletes })
    await ensureSubscription(host, wish)
    await ensureSubscription(host, other)
    const states = () => host.all('Subscription').map(({ channel, status }) => [channel.endpoint, status])
    return { host, states }
  }

  it('takes back ours and leaves all others', async () => {
    const { host, states } = await both(true)
    expect(await unsubscribe({ host }, [wish.endpoint])).toEqual({ removed: 1, off: 0 })
    expect(states()).toEqual([[other.endpoint, 'requested']])
    expect(await unsubscribe({ host }, [wish.endpoint])).toEqual({ removed: 0, off: 0 })
  })

  it('puts them out where the host lets nobody delete', async () => {
    const { host, states } = await both(false)
    expect(await unsubscribe({ host }, [wish.endpoint])).toEqual({ removed: 0, off: 1 })
    const before = host.writes
    expect(await unsubscribe({ host }, [wish.endpoint])).toEqual({ removed: 0, off: 1 })
    expect(host.writes).toBe(before)
    expect(states()).toEqual([
      [wish.endpoint, 'off'],
      [other.endpoint, 'requested'],
    ])
  })

  it('finds nothing at a host that knows no Subscription, and fails at one that is away', async () => {
    const { host } = await both(true)
    const answers = (status?: number) =>
      host.failNext(new EmrError('Searching Subscription', { status }), { call: 'search' })
    answers(404)
    expect(await unsubscribe({ host }, [wish.endpoint])).toEqual({ removed: 0, off: 0 })
    answers(503)
    await expect(unsubscribe({ host }, [wish.endpoint])).rejects.toThrow('Searching Subscription')
  })
})
