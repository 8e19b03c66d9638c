import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMessageDesk } from '../../src/compose/message-desk.ts'
import { problem } from '../../src/contract/api.ts'
import { messageStatus, orderedMessages, refusedOrder, retriedMessage } from '../../src/contract/messages.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, permit } from '../flows/chart.ts'
import { expectDocumented } from './documented.ts'
import { apiKey, startWeb, type Web } from './web-under-test.ts'

let web: Web
let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  web = await startWeb()
  web.install.desk = createMessageDesk(world.world)
})
afterEach(() => web.stop())

const authorized = { authorization: `Bearer ${apiKey}` }

async function call(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers: Record<string, string> = authorized,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${web.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  expectDocumented(method, path, response.status, text)
  return { status: response.status, text }
}

const order = { to: 'Patient/sara', text: 'Please bring your papers.' }
const post = (body: unknown, headers?: Record<string, string>) => call('POST', '/api/messages', body, headers)

/** One sentence, and nothing of what was sent. */
function expectSentence({ text }: { text: string }): string {
  const { error } = problem.loose().parse(JSON.parse(text))
  expect(error).toMatch(/^[A-Z].*\.$/)
  expect(text).not.toMatch(/Sara|papers|\d{7}|Zod|Unexpected|\.ts:/)
  return error
}

async function ordered(differs: object = {}): Promise<string> {
  const { text } = await post({ ...order, ...differs })
  return orderedMessages.parse(JSON.parse(text)).messages[0]?.id ?? ''
}

describe('POST /api/messages', () => {
  it('writes a request for each recipient, and has it sent', async () => {
    const { status, text } = await post(order)
    expect(status).toBe(201)
    const { messages } = orderedMessages.parse(JSON.parse(text))
    expect(messages).toMatchObject([{ to: 'Patient/sara', status: 'active' }])
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([{ text: order.text }])
  })

  it('takes a thousand recipients, and judges each', async () => {
    const to = Array.from({ length: 1_000 }, (_, index) => `Patient/${'a'.repeat(58)}${index}`)
    const { status, text } = await post({ ...order, to })
    expect(status).toBe(422)
    expect(refusedOrder.parse(JSON.parse(text)).refused).toHaveLength(1_000)
    expect((await post({ ...order, to: [...to, 'Patient/sara'] })).status).toBe(400)
  })

  it.each<[string, object, RegExp]>([
    ['no recipient', { to: undefined }, /odd to: it is missing/],
    ['nobody in its list', { to: [] }, /odd to: it names nobody/],
    ['an empty recipient', { to: ' ' }, /odd to: it names nobody/],
    ['an empty recipient among others', { to: ['Patient/sara', ''] }, /odd to.*: it names nobody/],
    ['a recipient of another kind', { to: 7 }, /odd to: it must be a text or a list/],
    ['no words', { text: ' ' }, /odd text: it is empty/],
    ['a number for a text', { text: 7 }, /odd text: it must be a text/],
    ['a misspelt field', { chanels: ['sms'] }, /no field chanels \(did you mean channels\?\)/],
    ['nothing to say', { text: undefined }, /one of template, text and file/],
    ['two things to say', { template: 'visit-reminder' }, /one of template, text and file/],
    ['a field that nobody knows', { sender: 'sms' }, /no field sender/],
    ['a channel that nobody knows', { channels: ['fax'] }, /odd channels .*sms, whatsapp, email/],
    ['a channel twice', { channels: ['sms', 'sms'] }, /names a channel twice/],
    ['a time without its zone', { at: '2026-11-20 08:00' }, /odd at: it must be a time such as 2026/],
    ['a reminder of no visit', { category: 'reminder' }, /needs a template and a visit/],
    [
      'a file that is none',
      { text: undefined, file: 'Patient/sara' },
      /odd file: it must be DocumentReference/,
    ],
    ['values of no template', { parameters: { place: 'x' } }, /parameters without a template/],
  ])('with %s is refused by the name of the field', async (_what, differs, says) => {
    const refused = await post({ ...order, ...differs })
    expect(refused.status).toBe(400)
    expect(expectSentence(refused)).toMatch(says)
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })

  it.each([
    ['half a body', '{"to":', 400],
    ['a list', [order], 400],
    ['nothing', '', 400],
    ['a body too large', JSON.stringify({ ...order, text: 'x'.repeat(400_000) }), 413],
  ])('with %s is refused', async (_what, body, status) => {
    const refused = await post(body)
    expect(refused.status).toBe(status)
    expectSentence(refused)
  })

  describe('an admin’s mistake gets one clear sentence, and nothing is half sent', () => {
    it.each<[string, object, RegExp]>([
      [
        'an unknown template',
        { text: undefined, template: 'visit' },
        /no template called visit; there are: /,
      ],
      [
        'a missing value',
        { text: undefined, template: 'visit-reminder-confirmed' },
        /needs a value for start/,
      ],
      ['a number without its country', { to: '0501234567' }, /without its country: write it as \+971/],
      ['a landline', { to: '+97143334444' }, /landline/],
      ['a number in no chart', { to: '+971509998877' }, /no patient’s chart/],
      ['a patient that is not there', { to: 'Patient/ghost' }, /patient record could not be found/],
      ['one wrong of two', { to: ['Patient/sara', '+97143334444'] }, /1 of 2 recipients/],
      ['a closed window', { channels: ['whatsapp'] }, /./],
    ])('%s', async (_what, differs, says) => {
      const refused = await post({ ...order, ...differs })
      expect(refused.status).toBe(422)
      expect(expectSentence(refused)).toMatch(says)
      await world.settle()
      expect(world.emr.all('CommunicationRequest')).toEqual([])
      expect(world.carrier.ledger).toEqual([])
    })
  })

  it('with a key is the same call for ever: again 200, with another body 409', async () => {
    const first = await post({ ...order, key: 'night run 7' })
    const again = await post(order, { ...authorized, 'idempotency-key': 'night run 7' })
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text])
    const other = await post({ ...order, text: 'Something else.', key: 'night run 7' })
    expect(other.status).toBe(409)
    expect(expectSentence(other)).toMatch(/used before/)
    expect(world.emr.all('CommunicationRequest')).toHaveLength(1)
  })

  it('with two different keys is refused', async () => {
    const refused = await post({ ...order, key: 'a' }, { ...authorized, 'idempotency-key': 'b' })
    expect(refused.status).toBe(400)
  })

  it('keeps nothing readable of key and body in the store', async () => {
    await post({ ...order, key: 'Sara Nasser 0501234567' })
    const [request] = world.emr.all('CommunicationRequest')
    expect(JSON.stringify(request?.identifier)).not.toMatch(/Sara|050|papers/)
  })

  it('is put off while the EMR is away, and written once when repeated', async () => {
    world.emr.failNext(new EmrError('gone', { status: 503 }), { call: 'create', afterwards: true })
    const keyed = { ...order, key: 'k' }
    expect((await post(keyed)).status).toBe(503)
    expect((await post(keyed)).status).toBe(200)
    expect(world.emr.all('CommunicationRequest')).toHaveLength(1)
  })
})

describe('GET /api/messages/{id}', () => {
  it('tells what became of it', async () => {
    const id = await ordered()
    await world.settle()
    const { status, text } = await call('GET', `/api/messages/${id}`)
    expect(status).toBe(200)
    expect(messageStatus.strict().parse(JSON.parse(text))).toMatchObject({
      ...{ id, status: 'completed', sentence: 'It was handed over and is on its way to the patient.' },
      attempts: [{ channel: 'sms', sender: 'sms', state: 'queued' }],
    })
    expect(text).not.toMatch(/Sara|papers|\+9715/)
  })

  it.each(['none', 'Patient', '..%2FPatient%2Fsara', 'a b'])('answers 404 for %s', async (id) => {
    const missing = await call('GET', `/api/messages/${encodeURIComponent(id)}`)
    expect(missing.status).toBe(404)
    expectSentence(missing)
  })
})

describe('POST /api/messages/{id}/retry', () => {
  it('opens a failed message again, without a body too', async () => {
    world.carrier.next({ kind: 'rejected', reason: 'recipient-unreachable', code: '30003' })
    const id = await ordered({ channels: ['sms'] })
    await world.settle()
    const { status, text } = await call('POST', `/api/messages/${id}/retry`)
    expect(status).toBe(200)
    expect(retriedMessage.parse(JSON.parse(text))).toEqual({
      id,
      to: 'Patient/sara',
      status: 'active',
      round: 1,
    })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('refuses what is on its way, and says so', async () => {
    const id = await ordered()
    const refused = await call('POST', `/api/messages/${id}/retry`, {})
    expect(refused.status).toBe(409)
    expect(expectSentence(refused)).toBe('This message is still on its way.')
  })

  it('refuses an odd body, and an id that is none', async () => {
    const id = await ordered()
    expect((await call('POST', `/api/messages/${id}/retry`, { until: 'soon' })).status).toBe(400)
    expect((await call('POST', '/api/messages/none/retry', {})).status).toBe(404)
  })
})

describe('the API key', () => {
  it.each([
    ['none', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a wrong one', { authorization: `Bearer ${apiKey}x` }],
    ['one that begins right', { authorization: `Bearer ${apiKey.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${apiKey}` }],
  ])('%s opens nothing', async (_what, headers) => {
    const refused = await Promise.all([
      post(order, headers),
      call('GET', '/api/messages/r1', undefined, headers),
      call('GET', '/api/senders', undefined, headers),
      call('POST', '/api/senders/sms/test', undefined, headers),
    ])
    for (const one of refused) {
      expect(one.status).toBe(401)
      expect(expectSentence(one)).toMatch(/API key/)
    }
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })

  it('opens its own install and no other', async () => {
    const other = {
      ...web.install,
      id: 'other',
      apiKeys: [{ id: 'emr', key: 'another-key-that-is-long-enough' }],
    }
    web.parts.installs.unshift({ ...other, desk: createMessageDesk((await createWorld()).world) })
    expect((await post(order)).status).toBe(201)
    expect((await post(order, { authorization: 'Bearer another-key-that-is-long-enough' })).status).toBe(422)
  })

  it('is no session, and a session is no API key', async () => {
    const session = await web.bearer()
    expect((await post(order, { authorization: session })).status).toBe(401)
    const nudge = { request: 'CommunicationRequest/r1' }
    expect((await call('POST', '/api/nudge', nudge)).status).toBe(401)
  })
})
