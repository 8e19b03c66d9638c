import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import { type Call, openEmr, openReceiver, type Receiver } from './emr-caller.ts'

const deletesExtension = 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages'
const secretExtension = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret'

const visit = { resourceType: 'Appointment', status: 'booked', participant: [] }

async function subscribe(call: Call, more: object, channel: object): Promise<string> {
  const { body } = await call('POST', '/Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria: 'Appointment?',
    ...more,
    channel: { type: 'rest-hook', payload: 'application/fhir+json', ...channel },
  })
  return String(body.id)
}

/** A visit that is booked, cancelled and removed. */
async function live(call: Call): Promise<string> {
  const { body } = await call('POST', '/Appointment', visit)
  const id = String(body.id)
  await call('PUT', `/Appointment/${id}`, { ...visit, id, status: 'cancelled' })
  await call('DELETE', `/Appointment/${id}`)
  return id
}

const lines = ({ received }: Receiver) => received.map(({ method, path }) => `${method} ${path}`)

async function open(like: LikeName) {
  const { emr, call } = await openEmr({ like })
  return { emr, call, receiver: await openReceiver() }
}

describe('a notification like hapi', () => {
  it.each([
    ['at the channel', {}, { extension: [{ url: deletesExtension, valueBoolean: true }] }],
    ['at the Subscription', { extension: [{ url: deletesExtension, valueBoolean: true }] }, {}],
  ])('tells of a deletion where the extension asks for it, %s', async (_where, more, channel) => {
    const { call, receiver } = await open('hapi')
    await subscribe(call, more, { endpoint: receiver.url, ...channel })
    const id = await live(call)
    const path = `/notify/Appointment/${id}`
    await expect.poll(() => lines(receiver)).toEqual([`PUT ${path}`, `PUT ${path}`, `DELETE ${path}`])
  })

  it('tells of no deletion otherwise', async () => {
    const { call, receiver } = await open('hapi')
    await subscribe(call, {}, { endpoint: receiver.url })
    const first = await live(call)
    const second = await live(call)
    const paths = [first, first, second, second].map((id) => `PUT /notify/Appointment/${id}`)
    await expect.poll(() => lines(receiver)).toEqual(paths)
  })

  it('without payload is an empty POST', async () => {
    const { call, receiver } = await open('hapi')
    await subscribe(call, {}, { endpoint: receiver.url, payload: undefined })
    await call('POST', '/Appointment', visit)
    await expect.poll(() => lines(receiver)).toEqual(['POST /notify'])
    expect(receiver.received[0]?.body).toBe('')
  })
})

describe('a notification like medplum', () => {
  const secret = 'secret-of-the-hook'
  const active = { status: 'active', extension: [{ url: secretExtension, valueString: secret }] }

  it('is the bare resource by POST, names what happened, and is signed', async () => {
    const { call, receiver } = await open('medplum')
    const subscription = await subscribe(call, active, { endpoint: receiver.url })
    const id = await live(call)
    await expect.poll(() => lines(receiver)).toEqual(['POST /notify', 'POST /notify', 'POST /notify'])
    const [created, updated, deleted] = receiver.received
    expect(created?.headers).toMatchObject({
      'x-medplum-subscription': subscription,
      'x-medplum-interaction': 'create',
      'content-type': 'application/fhir+json',
    })
    expect(JSON.parse(created?.body ?? '')).toMatchObject({ ...visit, id })
    expect(updated?.headers['x-medplum-interaction']).toBe('update')
    expect(deleted?.headers).toMatchObject({
      'x-medplum-interaction': 'delete',
      'x-medplum-deleted-resource': `Appointment/${id}`,
    })
    expect(deleted?.body).toBe('{}')
    for (const { headers, body } of receiver.received) {
      expect(headers['x-signature']).toBe(createHmac('sha256', secret).update(body).digest('hex'))
    }
  })

  it('loses what stands behind the second colon of a header', async () => {
    const { call, receiver } = await open('medplum')
    const header = ['X-Key: first:second', 'X-Other: whole']
    await subscribe(call, { status: 'active' }, { endpoint: receiver.url, header })
    await call('POST', '/Appointment', visit)
    await expect.poll(() => receiver.received.length).toBe(1)
    const { headers } = receiver.received[0] ?? {}
    expect(headers).toMatchObject({ 'x-key': 'first', 'x-other': 'whole' })
    expect(headers).not.toHaveProperty('x-signature')
  })

  it('comes only from a Subscription that was written as active', async () => {
    const { call, receiver } = await open('medplum')
    const id = await subscribe(call, { status: 'requested' }, { endpoint: receiver.url })
    await call('POST', '/Appointment', visit)
    const { body } = await call('GET', `/Subscription/${id}`)
    expect(body.status).toBe('requested')
    await call('PUT', `/Subscription/${id}`, { ...body, status: 'active' })
    const second = await call('POST', '/Appointment', visit)
    await expect.poll(() => receiver.received.length).toBe(1)
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ id: second.body.id })
  })
})
