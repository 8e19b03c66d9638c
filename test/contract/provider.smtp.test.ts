/** E-mail against the sandbox's mail server: SMTP one way, raw messages piped to the webhook the other. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSmtpWire } from '../../sandbox/carriers/smtp.ts'
import type { ToPatient } from '../../sandbox/phones/ledger.ts'
import type { Address } from '../../src/domain/address.ts'
import { instant } from '../../src/domain/time.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { type SmtpCredentials, smtp } from '../../src/providers/smtp/smtp.ts'
import { type CarrierCompany, startCarrierCompany } from './carrier-company.ts'
import { describeProvider } from './provider.ts'
import type { Company } from './provider-conversation.ts'

const address = (text: string) => text as Address
const sender = address('hello@clinic.example')
const account = {
  user: 'clinic',
  password: 'password-of-a-test',
  webhookSecret: 'webhook-secret-of-a-test',
}

async function start(): Promise<Company<SmtpCredentials> & CarrierCompany> {
  const company = await startCarrierCompany({
    ...{ wire: createSmtpWire(), account, senders: [{ channel: 'email', address: sender }] },
  })
  await deliverOthers(company.callbackUrl('none'))
  return {
    ...company,
    credentials: {
      ...{ host: '127.0.0.1', port: String(company.port), security: 'none' },
      ...account,
      bounceDomain: 'bounces.clinic.example',
    },
    secrets: [account.password, account.webhookSecret],
  }
}

/** What else comes to a mailbox. */
async function deliverOthers(url: string): Promise<void> {
  const mails = [
    ['Auto-Submitted: auto-replied', '', 'I am away until Monday.'],
    ['Precedence: bulk', '', 'Our newsletter'],
    ['Return-Path: <>', '', 'A notice'],
  ]
  for (const lines of mails) {
    const body = ['From: <ada@home.example>', 'To: <hello@clinic.example>', ...lines].join('\r\n')
    const mac = createHmac('sha256', account.webhookSecret).update(body).digest('hex')
    await fetch(url, { method: 'POST', headers: { 'x-qasid-signature': `sha256=${mac}` }, body })
  }
}

function pointedAt(given: SmtpCredentials, baseUrl: string): SmtpCredentials {
  const { hostname, port } = new URL(baseUrl)
  return { ...given, host: hostname, port }
}

describeProvider(smtp, {
  start,
  pointedAt,
  mistaken: (given) => ({ ...given, password: 'another' }),
  senders: { email: sender },
  recipients: { email: address('ada@home.example') },
  answers: [
    {
      ...{ when: 'no such mailbox', channel: 'email', to: address('bounce@home.example') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '5.1.1' }],
    },
    {
      ...{ when: 'a busy mailbox', channel: 'email', to: address('later@home.example') },
      wanted: [{ kind: 'unreachable', code: '4.2.0' }],
    },
  ],
  usual: { email: [] },
  endings: [
    { when: 'anyone: nothing is told', channel: 'email', to: address('ada@home.example'), wanted: [] },
    {
      ...{ when: 'a mailbox that is lost later', channel: 'email', to: address('lost@home.example') },
      wanted: ['undelivered'],
    },
  ],
  exceptions: [
    {
      what: 'throttles',
      because:
        'No mailbox of the sandbox is slow; the unit test has each reply that means it, with our own pause.',
    },
    { what: 'redacts', because: 'A mail that was handed on lies with other servers; nothing calls it back.' },
    { what: 'looks up', because: 'SMTP has no question about a message that was handed over.' },
    {
      what: 'answers by HTTP',
      because: 'It speaks SMTP: the unit test has a server that dies, or falls silent, at each of its steps.',
    },
  ],
})

describe('the mail server of the sandbox', () => {
  let company: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    company = await start()
  })
  afterAll(() => company.stop())

  const message = (attemptId: string): OutgoingMessage => ({
    ...{ attemptId, channel: 'email', from: sender, to: address('ada@home.example') },
    ...{
      content: { kind: 'text', text: `Hello, ${attemptId}` },
      callbackUrl: company.callbackUrl(attemptId),
    },
  })

  it.each<[string, object, number]>([
    ['cut', { kind: 'unreachable' }, 0],
    ['429', { kind: 'throttled', waitFor: 10_000 }, 0],
    ['500', { kind: 'unreachable', code: '4.3.0' }, 0],
    ['503', { kind: 'unreachable', code: '4.2.0' }, 0],
    ['opt-out', { kind: 'rejected', reason: 'policy-refused', code: '5.7.1' }, 0],
    ['delay', { kind: 'accepted' }, 1],
    ['early', { kind: 'accepted' }, 1],
  ])('plays the fault %s', async (kind, wanted, count) => {
    await company.misbehave({ kind, for: 1 })
    const outgoing = message(`fault_${kind}`)
    expect(await smtp.send(outgoing, company.credentials)).toMatchObject(wanted)
    expect(await company.taken(outgoing)).toHaveLength(count)
  })

  it('bounces what it could not deliver in the words that are understood', async () => {
    const wire = createSmtpWire()
    const carried: ToPatient = {
      ...{
        direction: 'to-patient',
        id: 'r1_1@clinic.example',
        wire: wire.id,
        channel: 'email',
        from: sender,
      },
      ...{ to: 'ada@home.example', text: 'Hello', at: '2026-11-20T09:00:00Z' },
      status: 'undelivered',
      ...{ correlation: 'r1_1', callbackUrl: 'https://qasid.example/webhooks/a/mail' },
    }
    const told = { status: 'undelivered', at: '2026-11-20T09:01:00Z', code: 'unreachable-handset' } as const
    const call = wire.statusCall(carried, told, account, 'right')
    const webhook = {
      method: 'POST',
      url: call?.url ?? '',
      headers: call?.headers ?? {},
      body: Buffer.from(call?.body ?? ''),
    }
    expect(await smtp.verify(webhook, company.credentials)).toEqual({ kind: 'valid' })
    expect(await smtp.parse(webhook, instant(Date.UTC(2026, 10, 20, 10)), company.credentials)).toMatchObject(
      {
        events: [
          {
            ...{
              kind: 'delivery',
              attemptId: 'r1_1',
              providerId: 'r1_1@clinic.example',
              state: 'undelivered',
            },
            ...{ reason: 'recipient-unreachable', code: '5.2.1', at: Date.UTC(2026, 10, 20, 9, 1) },
          },
        ],
      },
    )
    expect(wire.statusCall(carried, { ...told, status: 'delivered' }, account, 'right')).toBeUndefined()
  })

  it('pipes the bounce of a lost mailbox, which names our own attempt and the message', async () => {
    const outgoing = { ...message('lost_1'), to: address('lost@home.example') }
    expect(await smtp.send(outgoing, company.credentials)).toMatchObject({ kind: 'accepted' })
    const told = async () => {
      const parsed = await Promise.all(
        company.webhooks().map((one) => smtp.parse(one, instant(Date.now()), company.credentials)),
      )
      return parsed.flatMap((one) => (one.kind === 'events' ? one.events : []))
    }
    await vi.waitFor(async () =>
      expect(await told()).toContainEqual(
        expect.objectContaining({
          ...{ kind: 'delivery', attemptId: 'lost_1', providerId: 'lost_1@clinic.example' },
          ...{ state: 'undelivered', reason: 'recipient-unreachable', code: '5.2.1' },
        }),
      ),
    )
  })

  it('brings an answer above the original, as mail programs write it', async () => {
    const outgoing = message('asked_1')
    await smtp.send(outgoing, company.credentials)
    await company.write('email', outgoing.to, { text: '1' })
    const raw = await vi.waitFor(() => {
      const found = company.webhooks().map(({ body }) => Buffer.from(body).toString())
      const answer = found.find((one) => one.includes('In-Reply-To: <asked_1@clinic.example>'))
      if (!answer) throw new Error('nothing has come yet')
      return answer
    })
    const base64 = raw.split('\r\n\r\n')[1] ?? ''
    expect(Buffer.from(base64, 'base64').toString()).toMatch(
      /^1\r\n\r\nOn .* wrote:\r\n> Hello, asked_1\r\n$/,
    )
    const read = await smtp.parse(
      { method: 'POST', url: 'https://qasid.example/', headers: {}, body: Buffer.from(raw) },
      instant(Date.now()),
      company.credentials,
    )
    expect(read).toMatchObject({ events: [{ text: '1', inReplyTo: 'asked_1@clinic.example' }] })
  })
})
