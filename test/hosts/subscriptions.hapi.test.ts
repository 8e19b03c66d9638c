/**
 * HAPI's rest-hook Subscriptions: what they send, in the form that `parseNotification` reads. What was sent is kept under
 * `recorded/` with its ids replaced; `-u` writes it anew.
 */
import type { Appointment } from 'fhir/r4'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import { parseNotification } from '../../src/fhir/notification.ts'
import type { Emr, Stored } from '../../src/flows/ports.ts'
import { person, visit } from '../contract/emr-samples.ts'
import { describeOnHapi } from './hapi/hapi-under-test.ts'
import { openReceiver, type Received, type Receiver } from './hapi/receiver.ts'

const patiently = { timeout: 40_000, interval: 100 }
const secret = 'X-Qasid-Secret: invented'

function wishOf({ endpoint }: Receiver, payload?: string) {
  return { criteria: 'Appointment?', endpoint, headers: [secret], payload, reason: 'Plan reminders' }
}

/** Of a Subscription that has become active. */
async function subscribe(emr: Emr, receiver: Receiver, payload?: string): Promise<string> {
  const { reference } = await ensureSubscription(emr, wishOf(receiver, payload))
  const statusNow = async () =>
    (await emr.read('Subscription', reference.slice('Subscription/'.length)))?.status
  await expect.poll(statusNow, patiently).toBe('active')
  return reference
}

async function book(emr: Emr): Promise<Stored<Appointment>> {
  const patient = await person(emr)
  const participant = [{ actor: { reference: patient }, status: 'accepted' as const }]
  return (await emr.create(visit({ participant }))).resource
}

function read({ method, path, headers, body }: Received) {
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  const bytes = new TextEncoder().encode(body)
  return parseNotification(
    { method, path: path.replace('/notify/clinic/k1', ''), headers: flat, body: bytes },
    { type: 'Appointment', base: 'http://localhost:1/fhir' },
  )
}

/** Without what differs from run to run. */
function recorded(what: string, { method, path, headers, body }: Received, ids: Record<string, string>) {
  const plain = (text: string) =>
    Object.entries(ids)
      .reduce((said, [id, name]) => said.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), name), text)
      .replace(/"lastUpdated":"[^"]+"/, '"lastUpdated":"2026-11-20T07:00:00.000+00:00"')
      .replace(/"source":"[^"]+"/, '"source":"#request"')
  const changing = ['host', 'content-length', 'user-agent']
  const kept = Object.entries(headers)
    .filter(([name]) => !changing.includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [
      name,
      String(value).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'https://qasid.example'),
    ])
  return { what, method, path: plain(path), headers: Object.fromEntries(kept), body: plain(body) }
}

const inJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describeOnHapi('Subscriptions on HAPI', (hapi) => {
  let emr: Emr
  beforeAll(() => {
    emr = createEmr({ baseUrl: hapi().fhirBase })
  })

  it('become active, and say which visit was made, changed and deleted', async () => {
    const receiver = await openReceiver()
    const { received } = receiver
    const subscription = await subscribe(emr, receiver, 'application/fhir+json')
    const booked = await book(emr)
    await expect.poll(() => received.length, patiently).toBe(1)
    await emr.save({ ...booked, status: 'cancelled' })
    await expect.poll(() => received.length, patiently).toBe(2)
    await fetch(`${hapi().fhirBase}/Appointment/${booked.id}`, { method: 'DELETE' })
    await expect.poll(() => received.length, patiently).toBe(3)

    const reference = `Appointment/${booked.id}`
    for (const one of received) expect(read(one)).toEqual({ kind: 'changed', references: [reference] })
    expect(received.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'DELETE'])
    expect(received.map(({ headers }) => headers['x-qasid-secret'])).toEqual(Array(3).fill('invented'))
    const patient = booked.participant[0]?.actor?.reference?.slice('Patient/'.length) ?? ''
    const ids = {
      [booked.id]: 'visit',
      [patient]: 'sara',
      [subscription.slice('Subscription/'.length)]: 's1',
    }
    const record = ['created', 'changed', 'deleted'].map((what, index) =>
      recorded(what, received[index] as Received, ids),
    )
    await expect(inJson(record)).toMatchFileSnapshot('recorded/hapi-with-payload.json')
  })

  it('say only that something changed where no payload was asked for, also of a deletion', async () => {
    const receiver = await openReceiver()
    const { received } = receiver
    await subscribe(emr, receiver)
    const { id } = await book(emr)
    await expect.poll(() => received.length, patiently).toBe(1)
    await fetch(`${hapi().fhirBase}/Appointment/${id}`, { method: 'DELETE' })
    await expect.poll(() => received.length, patiently).toBe(2)
    for (const one of received) expect(read(one)).toEqual({ kind: 'something-changed' })
    const record = ['created', 'deleted'].map((what, index) =>
      recorded(what, received[index] as Received, {}),
    )
    await expect(inJson(record)).toMatchFileSnapshot('recorded/hapi-without-payload.json')
  })

  it('say it again to a receiver that was in trouble', async () => {
    const receiver = await openReceiver()
    await subscribe(emr, receiver, 'application/fhir+json')
    receiver.statuses.push(503)
    await book(emr)
    await expect.poll(() => receiver.received.length, patiently).toBe(2)
    expect(new Set(receiver.received.map(({ path }) => path)).size).toBe(1)
  })

  it('are made once, however often they are asked for', async () => {
    const receiver = await openReceiver()
    const first = await subscribe(emr, receiver, 'application/fhir+json')
    const again = await ensureSubscription(emr, wishOf(receiver, 'application/fhir+json'))
    expect(again).toEqual({ status: 'active', reference: first, wasMended: false })
  })
})

describe('where the clinic has left them off', () => {
  describeOnHapi(
    'Subscriptions on HAPI',
    (hapi) => {
      it('are taken, and never become active', async () => {
        const emr = createEmr({ baseUrl: hapi().fhirBase })
        const receiver = await openReceiver()
        const wish = wishOf(receiver, 'application/fhir+json')
        const made = await ensureSubscription(emr, wish)
        expect(made.status).toBe('requested')
        await book(emr)
        expect(await ensureSubscription(emr, wish)).toEqual(made)
        expect(receiver.received).toEqual([])
      })
    },
    { subscriptions: false },
  )
})
