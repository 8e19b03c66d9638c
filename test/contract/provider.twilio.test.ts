/** Twilio's provider against its imitation in the sandbox, both over HTTP. */
import { expect, it, vi } from 'vitest'
import { twilio as wire } from '../../sandbox/carriers/twilio.ts'
import type { Address } from '../../src/domain/address.ts'
import { instant } from '../../src/domain/time.ts'
import { toRedaction } from '../../src/providers/twilio/redaction.ts'
import { type TwilioCredentials, twilio } from '../../src/providers/twilio/twilio.ts'
import { startCarrierCompany } from './carrier-company.ts'
import { describeProvider } from './provider.ts'
import type { Company } from './provider-conversation.ts'

const address = (text: string) => text as Address
const senders = { sms: address('+15550100001'), whatsapp: address('+15550100002') }
const account = {
  accountSid: 'AC00000000000000000000000000000001',
  authToken: 'auth-token-of-a-test',
}

async function start(): Promise<Company<TwilioCredentials>> {
  const own: Record<string, string> = { ...account, mediaCome: 'late' }
  const company = await startCarrierCompany({
    wire,
    account: own,
    senders: [
      { channel: 'sms', address: senders.sms },
      { channel: 'whatsapp', address: senders.whatsapp },
    ],
  })
  const baseUrl = `${company.url}/twilio`
  // Links to media in its webhooks begin with it.
  own.baseUrl = baseUrl
  const credentials = { ...account, baseUrl, contentUrl: baseUrl }
  return { ...company, credentials, secrets: [account.authToken] }
}

const accepted = { kind: 'accepted' } as const

describeProvider(twilio, {
  start,
  pointedAt: (credentials, baseUrl) => ({ ...credentials, baseUrl, contentUrl: baseUrl }),
  mistaken: (credentials) => ({ ...credentials, authToken: 'another-token' }),
  neighbour: (credentials) => ({ ...credentials, accountSid: 'AC00000000000000000000000000000002' }),
  senders,
  recipients: { sms: address('+971501234567'), whatsapp: address('+971501234567') },
  answers: [
    {
      ...{ when: 'no such number', channel: 'sms', to: address('+15005550001') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '21211' }],
    },
    {
      ...{ when: 'no route between the numbers', channel: 'sms', to: address('+15005550002') },
      wanted: [{ kind: 'rejected', reason: 'recipient-unreachable', code: '21612' }],
    },
    {
      ...{ when: 'a country that is not switched on', channel: 'sms', to: address('+15005550003') },
      wanted: [{ kind: 'rejected', reason: 'recipient-not-allowed', code: '21408' }],
    },
    {
      ...{ when: 'a person who wrote STOP', channel: 'sms', to: address('+15005550004') },
      wanted: [{ kind: 'opted-out', code: '21610' }],
    },
    {
      ...{ when: 'no mobile', channel: 'sms', to: address('+15005550009') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '21614' }],
    },
    {
      ...{ when: 'too fast, twice', channel: 'sms', to: address('+15005550011') },
      wanted: [{ kind: 'throttled', waitFor: 1_000 }, { kind: 'throttled', waitFor: 1_000 }, accepted],
    },
    {
      ...{ when: 'maintenance, twice', channel: 'sms', to: address('+15005550012') },
      wanted: [{ kind: 'unreachable', code: '21730' }, { kind: 'unreachable', code: '21730' }, accepted],
    },
    {
      ...{ when: 'free text to one who always wrote too long ago', channel: 'whatsapp' },
      to: address('+15005550013'),
      wanted: [{ kind: 'rejected', reason: 'outside-window', code: '63016' }],
    },
    {
      ...{ when: 'free text to one who never wrote', channel: 'whatsapp', to: address('+971501234568') },
      wanted: [{ kind: 'rejected', reason: 'outside-window', code: '63016' }],
    },
    {
      ...{ when: 'a landline', channel: 'sms', to: address('+97142345678') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '21614' }],
    },
    {
      ...{ when: 'what is no number', channel: 'sms', to: address('+0') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '21211' }],
    },
  ],
  usual: {
    sms: ['queued', 'sent', 'delivered'],
    whatsapp: ['queued', 'sent', 'delivered', 'read'],
  },
  endings: [
    {
      ...{ when: 'anyone', channel: 'sms', to: address('+971501234567') },
      wanted: ['queued', 'sent', 'delivered'],
    },
    {
      ...{ when: 'anyone on WhatsApp', channel: 'whatsapp', to: address('+971501234567') },
      wanted: ['queued', 'sent', 'delivered', 'read'],
    },
    {
      ...{ when: 'taken, never arrived', channel: 'sms', to: address('+15005550010') },
      wanted: ['queued', 'sent', 'undelivered'],
    },
    {
      ...{ when: 'no receipt ever', channel: 'sms', to: address('+15005550014') },
      wanted: ['queued', 'sent'],
    },
    {
      ...{ when: 'twice and out of order', channel: 'sms', to: address('+15005550015') },
      wanted: ['delivered', 'queued', 'queued', 'sent', 'delivered'],
    },
  ],
  exceptions: [],
})

it('a file that is not yet in its place is not given up', async () => {
  const company = await start()
  try {
    const file = { contentType: 'image/png', name: 'scan.png', bytes: Buffer.from('a picture') }
    await company.write('whatsapp', address('+971501234567'), { text: 'look', file })
    const named = await vi.waitFor(async () => {
      const read = company.webhooks().map((one) => twilio.parse(one, instant(0), company.credentials))
      const told = (await Promise.all(read)).flatMap((one) => (one.kind === 'events' ? one.events : []))
      const [found] = told.flatMap((event) => (event.kind === 'inbound' ? (event.files ?? []) : []))
      if (!found) throw new Error('nothing is heard of it yet')
      return found
    })
    const fetched = () => twilio.fetchFile?.(named, company.credentials, 100)
    expect(await fetched()).toEqual({ kind: 'unreachable', code: 'http-404' })
    expect(await fetched()).toEqual({ kind: 'file', contentType: 'image/png', bytes: file.bytes })
  } finally {
    await company.stop()
  }
})

it('what a patient wrote is forgotten there too, with its media', async () => {
  const company = await start()
  try {
    const file = { contentType: 'image/png', name: 'scan.png', bytes: Buffer.from('a picture') }
    await company.write('sms', address('+971501234567'), { text: 'my scan', file })
    const sid = await vi.waitFor(async () => {
      const read = company.webhooks().map((one) => twilio.parse(one, instant(0), company.credentials))
      const told = (await Promise.all(read)).flatMap((one) => (one.kind === 'events' ? one.events : []))
      const found = told.find((event) => event.kind === 'inbound' && event.text === 'my scan')
      if (found?.kind !== 'inbound') throw new Error('nothing is heard of it yet')
      return found.providerId
    })
    const held = async (path: string) => {
      const { baseUrl, accountSid, authToken } = company.credentials
      const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
      const url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages/${sid}${path}.json`
      return (await (await fetch(url, { headers: { authorization } })).json()) as Record<string, unknown>
    }
    expect([await held(''), await held('/Media')]).toMatchObject([
      { body: 'my scan' },
      { media_list: [{ content_type: 'image/png' }] },
    ])
    expect(await twilio.redact?.(sid, company.credentials)).toEqual({ kind: 'redacted' })
    expect([await held(''), await held('/Media')]).toMatchObject([{ body: '' }, { media_list: [] }])
  } finally {
    await company.stop()
  }
})

it('a message on its way is asked for again later', () => {
  const answer = (status: number, body: unknown) => toRedaction({ kind: 'answer', status, headers: {}, body })
  expect(answer(400, { code: 20009 })).toEqual({ kind: 'later', code: '20009' })
  expect(answer(429, { code: 20429 })).toEqual({ kind: 'later', code: '20429' })
  expect(answer(403, { code: 20003 })).toEqual({ kind: 'refused', code: '20003' })
})
