import { describe, expect, it } from 'vitest'
import { type Call, openEmr, openReceiver, type Receiver } from './emr-caller.ts'

const booked = (id: string, more: object = {}) => ({
  resourceType: 'Appointment',
  id,
  status: 'booked',
  participant: [{ actor: { reference: 'Patient/p' }, status: 'needs-action' }],
  ...more,
})

const put = (call: Call, resource: { resourceType: string; id: string; [element: string]: unknown }) =>
  call('PUT', `/${resource.resourceType}/${resource.id}`, resource)

async function subscribe(call: Call, channel: object, criteria = 'Appointment?status=booked,cancelled') {
  const created = await call('POST', '/Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria,
    channel: { type: 'rest-hook', ...channel },
  })
  return String(created.body.id)
}

const hook = ({ url }: Receiver) => ({
  endpoint: url,
  payload: 'application/fhir+json',
  header: ['Authorization: Bearer key-of-the-hook', 'X-Other: 1'],
})

const statusOf = async (call: Call, id: string) => (await call('GET', `/Subscription/${id}`)).body.status
const lines = ({ received }: Receiver) => received.map(({ method, path }) => `${method} ${path}`)

describe('a Subscription', () => {
  it('becomes active in a version of its own', async () => {
    const { call } = await openEmr()
    const id = await subscribe(call, hook(await openReceiver()))
    expect((await call('GET', `/Subscription/${id}`)).body).toMatchObject({
      status: 'active',
      meta: { versionId: '2' },
    })
    expect((await call('GET', `/Subscription/${id}/_history/1`)).body.status).toBe('requested')
  })

  it.each([
    [{ type: 'websocket' }, undefined],
    [{ endpoint: 'not a url' }, undefined],
    [{ header: ['no colon'] }, undefined],
    [{}, 'Nonsense?status=booked'],
    [{}, 'Appointment?shoe-size=44'],
  ])('that cannot be carried ends in error, saying why: %j %s', async (channel, criteria) => {
    const { call } = await openEmr()
    const id = await subscribe(call, { endpoint: 'http://localhost:1', ...channel }, criteria)
    const { body } = await call('GET', `/Subscription/${id}`)
    expect([body.status, typeof body.error]).toEqual(['error', 'string'])
  })

  it('PUTs what was created or changed, with all its headers', async () => {
    const { call } = await openEmr()
    const receiver = await openReceiver()
    await subscribe(call, hook(receiver))
    await put(call, booked('a'))
    await put(call, booked('a', { status: 'cancelled' }))
    await expect
      .poll(() => lines(receiver))
      .toEqual(['PUT /notify/Appointment/a', 'PUT /notify/Appointment/a'])
    expect(receiver.received[0]?.headers).toMatchObject({
      authorization: 'Bearer key-of-the-hook',
      'x-other': '1',
      'content-type': 'application/fhir+json',
    })
    expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({
      id: 'a',
      status: 'cancelled',
      meta: { versionId: '2' },
    })
  })

  it('says DELETE for what is deleted', async () => {
    const { call } = await openEmr()
    const receiver = await openReceiver()
    await subscribe(call, hook(receiver))
    await put(call, booked('a'))
    await call('DELETE', '/Appointment/a')
    await expect
      .poll(() => lines(receiver))
      .toEqual(['PUT /notify/Appointment/a', 'DELETE /notify/Appointment/a'])
    expect(receiver.received[1]?.body).toBe('')
  })

  it('says nothing of what does not match, nor of what a failed transaction took back', async () => {
    const { call } = await openEmr()
    const receiver = await openReceiver()
    await subscribe(call, hook(receiver))
    await put(call, booked('proposed', { status: 'proposed' }))
    await put(call, { resourceType: 'Patient', id: 'p' })
    const failed = await call('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'PUT', url: 'Appointment/b' }, resource: booked('b') },
        {
          request: { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"9"' },
          resource: { resourceType: 'Patient', id: 'p' },
        },
      ],
    })
    expect(failed.status).toBe(412)
    await put(call, booked('a'))
    await expect.poll(() => lines(receiver)).toEqual(['PUT /notify/Appointment/a'])
  })

  it('without payload only knocks', async () => {
    const { call } = await openEmr()
    const receiver = await openReceiver()
    await subscribe(call, { endpoint: receiver.url })
    await put(call, booked('a'))
    await expect.poll(() => lines(receiver)).toEqual(['POST /notify'])
    expect(receiver.received[0]?.body).toBe('')
  })

  it('tries again in order while the endpoint is down', async () => {
    const { call } = await openEmr({ retryDelays: Array(400).fill(10) })
    const receiver = await openReceiver()
    receiver.answer = 503
    await subscribe(call, hook(receiver))
    await put(call, booked('a'))
    await put(call, booked('b'))
    await expect.poll(() => receiver.received.length).toBeGreaterThan(2)
    expect(new Set(lines(receiver))).toEqual(new Set(['PUT /notify/Appointment/a']))
    receiver.answer = 200
    await expect.poll(() => lines(receiver).at(-1)).toBe('PUT /notify/Appointment/b')
  })

  it('gives up in the end, and starts anew when it is requested again', async () => {
    const { call } = await openEmr({ retryDelays: [1, 1] })
    const receiver = await openReceiver()
    receiver.answer = 500
    const id = await subscribe(call, hook(receiver))
    await put(call, booked('a'))
    await expect.poll(() => statusOf(call, id)).toBe('error')
    const { body } = await call('GET', `/Subscription/${id}`)
    expect(body.error).toBe('The endpoint answered 500')
    expect(receiver.received.length).toBe(3)

    receiver.answer = 200
    await put(call, { ...body, resourceType: 'Subscription', id, status: 'requested' })
    expect((await call('GET', `/Subscription/${id}`)).body).toMatchObject({ status: 'active' })
    await put(call, booked('b'))
    await expect.poll(() => lines(receiver).at(-1)).toBe('PUT /notify/Appointment/b')
  })

  it('falls silent when it is switched off or deleted', async () => {
    const { call } = await openEmr()
    const [first, second, third] = [await openReceiver(), await openReceiver(), await openReceiver()]
    const off = await subscribe(call, hook(first))
    const gone = await subscribe(call, hook(second))
    await subscribe(call, hook(third))
    const { body } = await call('GET', `/Subscription/${off}`)
    await put(call, { ...body, resourceType: 'Subscription', id: off, status: 'off' })
    await call('DELETE', `/Subscription/${gone}`)
    await put(call, booked('a'))
    await expect.poll(() => third.received.length).toBe(1)
    expect([first.received, second.received]).toEqual([[], []])
  })

  it('follows a changed endpoint', async () => {
    const { call } = await openEmr()
    const [before, after] = [await openReceiver(), await openReceiver()]
    const id = await subscribe(call, hook(before))
    const { body } = await call('GET', `/Subscription/${id}`)
    await put(call, {
      ...body,
      resourceType: 'Subscription',
      id,
      channel: { type: 'rest-hook', ...hook(after) },
    })
    await put(call, booked('a'))
    await expect.poll(() => after.received.length).toBe(1)
    expect(before.received).toEqual([])
  })
})

describe('an answer to a visit', () => {
  it('sets the participant’s status on the Appointment, and the subscriber hears of it', async () => {
    const { call } = await openEmr()
    const receiver = await openReceiver()
    await put(call, booked('a'))
    await subscribe(call, hook(receiver))
    await call('POST', '/AppointmentResponse', {
      resourceType: 'AppointmentResponse',
      appointment: { reference: 'Appointment/a' },
      actor: { reference: 'Patient/p' },
      participantStatus: 'accepted',
    })
    expect((await call('GET', '/Appointment/a')).body).toMatchObject({
      meta: { versionId: '2' },
      participant: [{ status: 'accepted' }],
    })
    await expect.poll(() => lines(receiver)).toEqual(['PUT /notify/Appointment/a'])
  })

  it('from a stranger, or to a visit that is not there, changes nothing', async () => {
    const { call } = await openEmr()
    await put(call, booked('a'))
    for (const [appointment, actor] of [
      ['Appointment/a', 'Patient/other'],
      ['Appointment/none', 'Patient/p'],
    ]) {
      const answer = await call('POST', '/AppointmentResponse', {
        resourceType: 'AppointmentResponse',
        appointment: { reference: appointment },
        actor: { reference: actor },
        participantStatus: 'declined',
      })
      expect(answer.status).toBe(201)
    }
    expect((await call('GET', '/Appointment/a')).headers.get('etag')).toBe('W/"1"')
  })
})
