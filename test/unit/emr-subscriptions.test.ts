import type { Subscription } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import { type SubscriptionWish, toSubscription } from '../../src/fhir/subscription.ts'
import type { Stored } from '../../src/flows/ports.ts'
import { createMemoryEmr } from '../fakes/emr.ts'

const wish: SubscriptionWish = {
  criteria: 'Appointment?status=booked,pending',
  endpoint: 'https://qasid.example/notify/sample-clinic/k1',
  headers: ['X-Qasid-Secret: first'],
  payload: 'application/fhir+json',
  reason: 'Plan reminders when visits change',
}

async function ensured(change: (kept: Stored<Subscription>) => Stored<Subscription> = (kept) => kept) {
  const emr = createMemoryEmr()
  await ensureSubscription(emr, wish)
  const kept = emr.all('Subscription')[0]
  if (!kept) throw new Error('none was made')
  emr.put(change(kept))
  return { emr, id: kept.id, before: emr.writes }
}

describe('a Subscription', () => {
  it('is made when there is none', async () => {
    const emr = createMemoryEmr()
    const made = await ensureSubscription(emr, wish)
    expect(made).toEqual({ status: 'requested', reference: `Subscription/${emr.all('Subscription')[0]?.id}` })
    expect(emr.all('Subscription')[0]).toMatchObject({
      status: 'requested',
      criteria: wish.criteria,
      channel: { type: 'rest-hook', endpoint: wish.endpoint, payload: wish.payload, header: wish.headers },
    })
  })

  it('is made once, however often it is asked for', async () => {
    const { emr, id, before } = await ensured((kept) => ({ ...kept, status: 'active' }))
    expect(await ensureSubscription(emr, wish)).toEqual({ status: 'active', reference: `Subscription/${id}` })
    expect(emr.writes).toBe(before)
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
    })
    expect(emr.all('Subscription')).toHaveLength(1)
    expect(emr.all('Subscription')[0]?.error).toBeUndefined()
  })

  it('gets the new secret', async () => {
    const { emr } = await ensured((kept) => ({ ...kept, status: 'active' }))
    await ensureSubscription(emr, { ...wish, headers: ['X-Qasid-Secret: second'] })
    expect(emr.all('Subscription').map(({ channel }) => channel.header)).toEqual([['X-Qasid-Secret: second']])
  })

  it('asks for deletions too, in the words that HAPI knows', () => {
    const url = 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages'
    expect(toSubscription(wish).channel.extension).toEqual([{ url, valueBoolean: true }])
  })

  it('may be one without a payload', async () => {
    const emr = createMemoryEmr()
    const { payload: _without, ...empty } = wish
    await ensureSubscription(emr, empty)
    await ensureSubscription(emr, empty)
    expect(emr.all('Subscription').map(({ channel }) => channel.payload)).toEqual([undefined])
  })
})
