import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Phones, startPhones } from '../../sandbox/phones/start-phones.ts'
import {
  type ClinicStub,
  createCaller,
  eventually,
  signatureOf,
  startClinicStub,
  startTestPhones,
  token,
  whatsappSender,
} from './phones-clinic-stub.ts'

let clinic: ClinicStub
let phones: Phones

beforeEach(async () => {
  clinic = await startClinicStub()
  phones = await startTestPhones(clinic)
})

afterEach(async () => {
  await phones.stop()
  await clinic.stop()
})

const { carrier, send, statuses, ledger } = createCaller(
  () => phones,
  () => clinic,
)

describe('the carrier', () => {
  it('accepts a message with an id, its segments and a price', async () => {
    const response = await send()
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^SB[0-9a-f]{32}$/),
      status: 'queued',
      segments: 1,
      price: { amount: '0.0075', currency: 'XTS' },
    })
  })

  it('counts Arabic in segments of seventy', async () => {
    const { segments, price } = await (await send({ text: 'م'.repeat(71) })).json()
    expect({ segments, price }).toEqual({ segments: 2, price: { amount: '0.0150', currency: 'XTS' } })
  })

  it.each([
    ['sms', ['queued', 'sent', 'delivered']],
    ['whatsapp', ['queued', 'sent', 'delivered', 'read']],
  ])('tells the statuses of %s in order', async (channel, expected) => {
    await send({ channel })
    await eventually(() => expect(statuses()).toEqual(expected))
  })

  it('signs every callback over its raw bytes and keeps the query of its URL', async () => {
    await send()
    await eventually(() => expect(clinic.webhooks).toHaveLength(3))
    for (const { url, raw, signature, event } of clinic.webhooks) {
      expect(signature).toBe(signatureOf(raw))
      expect(url).toBe('/webhooks/sample-clinic/sms?attempt=attempt-1')
      expect(event).toMatchObject({
        type: 'status',
        correlation: 'attempt-1',
        id: expect.stringMatching(/^SB/),
      })
      expect(new Date(String(event.at)).toISOString()).toBe(event.at)
    }
  })

  it('repeats a callback that the clinic did not take', async () => {
    clinic.answers.push(503)
    await send()
    await eventually(() => expect(statuses().filter((status) => status === 'queued')).toHaveLength(2))
  })

  it('finds what it took by the correlation, and nothing else', async () => {
    const { id } = await (await send()).json()
    expect(await ledger('attempt-1')).toEqual([
      { id, correlation: 'attempt-1', status: expect.any(String), at: expect.any(String) },
    ])
    expect(await ledger('attempt-2')).toEqual([])
  })

  it('keeps what is sent twice twice', async () => {
    await send()
    await send()
    expect(await ledger('attempt-1')).toHaveLength(2)
  })
})

describe('what the carrier refuses', () => {
  it('a wrong token', async () => {
    const response = await carrier('/messages', { method: 'POST', body: '{}' }, 'another')
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'unauthorized' })
    expect((await carrier('/messages', {}, 'another')).status).toBe(401)
  })

  it.each([
    ['no JSON', { body: '{"channel": ' }],
    ['nothing', { body: '{}' }],
  ])('a body that is %s', async (_what, init) => {
    const response = await send({}, init)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed' })
  })

  it.each([
    ['an unknown sender', 403, 'unknown-sender', { from: '+15550109999' }],
    ['a sender of another channel', 403, 'unknown-sender', { channel: 'sms', from: whatsappSender }],
    ['a number without country code', 400, 'invalid-recipient', { to: '0501234567' }],
    ['a landline', 400, 'not-a-mobile', { to: '+97142000017' }],
    ['a number that does not exist', 400, 'invalid-recipient', { to: '+15005550001' }],
    ['a number out of reach', 400, 'recipient-unreachable', { to: '+15005550002' }],
    ['a country that is off', 403, 'country-not-allowed', { to: '+15005550003' }],
    ['a recipient who opted out', 403, 'opted-out', { to: '+15005550004' }],
    ['a magic landline', 400, 'not-a-mobile', { to: '+15005550009' }],
    ['free text outside the window', 400, 'outside-window', { to: '+15005550013', channel: 'whatsapp' }],
    ['a mailbox that bounces', 400, 'invalid-recipient', { to: 'bounce@mail.example', channel: 'email' }],
    ['a busy mailbox', 503, 'try-later', { to: 'later@mail.example', channel: 'email' }],
  ])('%s', async (_what, status, code, wish) => {
    const response = await send(wish)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ code, message: expect.any(String) })
    expect(await ledger('attempt-1')).toEqual([])
  })

  it.each([
    ['+15005550011', 429, 'rate-limited', '1'],
    ['+15005550012', 503, 'try-later', null],
  ])('%s twice before it takes a message', async (to, status, code, retryAfter) => {
    for (const _time of [1, 2]) {
      const response = await send({ to })
      expect(response.status).toBe(status)
      expect(response.headers.get('retry-after')).toBe(retryAfter)
      expect(await response.json()).toMatchObject({ code })
    }
    expect((await send({ to })).status).toBe(201)
  })
})

describe('magic endings', () => {
  it('…10 is accepted and never arrives', async () => {
    await send({ to: '+15005550010' })
    await eventually(() => expect(statuses()).toEqual(['queued', 'sent', 'undelivered']))
    expect(clinic.webhooks.at(-1)?.event.code).toBe('unreachable-handset')
  })

  it('…14 stays sent while others arrive', async () => {
    await send({ to: '+15005550014', correlation: 'silent' })
    await eventually(() => expect(statuses()).toEqual(['queued', 'sent']))
    await send({ correlation: 'other' })
    await eventually(() => expect(statuses()).toContain('delivered'))
    expect(await ledger('silent')).toMatchObject([{ status: 'sent' }])
  })

  it('…15 tells its statuses twice and out of order', async () => {
    await send({ to: '+15005550015' })
    await eventually(() => expect(statuses()).toEqual(['delivered', 'queued', 'queued', 'sent', 'delivered']))
    expect(await ledger('attempt-1')).toMatchObject([{ status: 'delivered' }])
  })
})

describe('a sender', () => {
  const account = (sender: string, bearer = token) =>
    carrier(`/account?sender=${encodeURIComponent(sender)}`, {}, bearer)

  it('is asked for before it is used: right, not ours, by nobody we know', async () => {
    expect((await account(whatsappSender)).status).toBe(200)
    const unknown = await account('+15550109999')
    expect([unknown.status, (await unknown.json()).code]).toEqual([403, 'unknown-sender'])
    const wrong = await account(whatsappSender, 'another')
    expect([wrong.status, (await wrong.json()).code]).toEqual([401, 'unauthorized'])
  })
})

describe('starting', () => {
  it('says in one sentence that a port is taken', async () => {
    const port = Number(new URL(phones.url).port)
    const second = startPhones({ port, token, wires: [], senders: [] })
    await expect(second).rejects.toThrow(`Port ${port} is taken`)
  })

  it('says whose sender has no account', async () => {
    const sender = {
      ...{ address: '+15550100001', wire: 'pigeon', channel: 'sms' as const },
      inboundUrl: clinic.url,
    }
    const odd = startPhones({ port: 0, token, wires: [], senders: [sender] })
    await expect(odd).rejects.toThrow('names the carrier pigeon, which has no account')
  })
})
