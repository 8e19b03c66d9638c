/** Unifonic against its imitation: SMS and WhatsApp are two APIs with two sets of abilities, so each runs the suite by itself. */
import { expect, it } from 'vitest'
import { unifonic as wire } from '../../sandbox/carriers/unifonic.ts'
import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import { instant } from '../../src/domain/time.ts'
import { type UnifonicCredentials, unifonic } from '../../src/providers/unifonic/unifonic.ts'
import { startCarrierCompany } from './carrier-company.ts'
import { describeProvider } from './provider.ts'
import type { Company, ProviderCases } from './provider-conversation.ts'

const address = (text: string) => text as Address
const account = {
  appSid: 'app-sid-of-a-test',
  webhookToken: 'webhook-token-of-a-test-1',
  publicId: 'public-id-of-a-test',
  secret: 'whatsapp-secret-of-a-test',
  basicUser: 'basic-user-of-a-test',
  basicPassword: 'basic-password-of-a-test',
}
const senders = { sms: address('+15550100001'), whatsapp: address('+15550100002') }
const recipient = address('+971501234567')

function startWith(channel: 'sms' | 'whatsapp') {
  return async (): Promise<Company<UnifonicCredentials>> => {
    const company = await startCarrierCompany({
      ...{ wire, account, senders: [{ channel, address: senders[channel] }] },
    })
    const base = `${company.url}/unifonic`
    const { publicId, secret } = account
    return {
      ...company,
      credentials: { ...account, baseUrl: base, whatsappUrl: base },
      secrets: [account.appSid, account.webhookToken, secret, account.basicPassword],
      async submit(template) {
        const headers = { 'content-type': 'application/json', publicid: publicId, secret }
        const body = JSON.stringify(template)
        const answer = await fetch(`${base}/console/templates`, { method: 'POST', headers, body })
        if (!answer.ok) throw new Error(`The console answered ${answer.status}`)
      },
    }
  }
}

const accepted = { kind: 'accepted' } as const

/** What both halves lack. */
const exceptions: ProviderCases<UnifonicCredentials>['exceptions'] = [
  {
    what: 'signs',
    because: 'It documents no signature: a key in the webhook’s address proves who calls, not what was said.',
  },
  {
    what: 'redacts',
    because: 'Its API has no call that removes a message; what it keeps goes by the contract with it.',
  },
  {
    what: 'tells the attempt',
    because:
      'The documented fields of its webhooks hold no correlation; a send whose answer is lost is looked up.',
  },
]

function only(channel: Channel) {
  return { ...unifonic, carries: { [channel]: unifonic.carries[channel] } }
}

function casesOf(channel: 'sms' | 'whatsapp') {
  return {
    start: startWith(channel),
    pointedAt: (given: UnifonicCredentials, baseUrl: string) => ({ ...given, baseUrl, whatsappUrl: baseUrl }),
    mistaken: (given: UnifonicCredentials) => ({ ...given, appSid: 'another', secret: 'another' }),
    senders: { [channel]: senders[channel] },
    recipients: { [channel]: recipient },
  }
}

describeProvider(only('sms'), {
  ...casesOf('sms'),
  answers: [
    {
      ...{ when: 'no such number', channel: 'sms', to: address('+15005550001') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'ER-02' }],
    },
    {
      ...{ when: 'no way there', channel: 'sms', to: address('+15005550002') },
      wanted: [{ kind: 'rejected', reason: 'recipient-unreachable', code: 'ER-05' }],
    },
    {
      ...{ when: 'a country that is not switched on', channel: 'sms', to: address('+15005550003') },
      wanted: [{ kind: 'rejected', reason: 'recipient-unreachable', code: '481' }],
    },
    {
      ...{ when: 'a person whom the operator shields', channel: 'sms', to: address('+15005550004') },
      wanted: [{ kind: 'rejected', reason: 'content-refused', code: 'ER-07' }],
    },
    {
      ...{ when: 'a landline', channel: 'sms', to: address('+97142345678') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: '482' }],
    },
    {
      ...{ when: 'too short', channel: 'sms', to: address('+12345') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'ER-04' }],
    },
    {
      ...{ when: 'too fast, twice', channel: 'sms', to: address('+15005550011') },
      wanted: [{ kind: 'throttled', waitFor: 1_000 }, { kind: 'throttled', waitFor: 1_000 }, accepted],
    },
    {
      ...{
        when: 'a fault that does not say "not taken", twice',
        channel: 'sms',
        to: address('+15005550012'),
      },
      wanted: [{ kind: 'unknown', because: '503' }, { kind: 'unknown', because: '503' }, accepted],
    },
  ],
  // Each webhook is a hint, and each look-up tells how the message stands by then.
  usual: { sms: ['delivered', 'delivered'] },
  endings: [
    { when: 'anyone', channel: 'sms', to: recipient, wanted: ['delivered', 'delivered'] },
    {
      ...{ when: 'taken, never arrived', channel: 'sms', to: address('+15005550010') },
      wanted: ['undelivered', 'undelivered'],
    },
    { when: 'no receipt ever', channel: 'sms', to: address('+15005550014'), wanted: ['sent'] },
    {
      ...{ when: 'twice and out of order', channel: 'sms', to: address('+15005550015') },
      wanted: ['delivered', 'delivered', 'delivered'],
    },
  ],
  exceptions: [
    ...exceptions,
    { what: 'takes answers', because: 'No webhook for inbound SMS is documented; `carries` says so too.' },
  ],
})

describeProvider(only('whatsapp'), {
  ...casesOf('whatsapp'),
  answers: [
    {
      ...{ when: 'no such number', channel: 'whatsapp', to: address('+15005550001') },
      wanted: [{ kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    },
    {
      ...{ when: 'free text after 24 hours', channel: 'whatsapp', to: address('+15005550013') },
      wanted: [{ kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    },
    {
      ...{ when: 'too fast, twice', channel: 'whatsapp', to: address('+15005550011') },
      wanted: [{ kind: 'throttled', waitFor: 1_000 }, { kind: 'throttled', waitFor: 1_000 }, accepted],
    },
    {
      ...{ when: 'a fault that does not say "not taken"', channel: 'whatsapp', to: address('+15005550012') },
      wanted: [{ kind: 'unknown', because: 'http-503' }],
    },
  ],
  usual: { whatsapp: ['queued', 'sent', 'delivered', 'read'] },
  endings: [
    {
      ...{ when: 'anyone', channel: 'whatsapp', to: recipient },
      wanted: ['queued', 'sent', 'delivered', 'read'],
    },
    {
      ...{ when: 'taken, never arrived', channel: 'whatsapp', to: address('+15005550010') },
      wanted: ['queued', 'sent', 'failed'],
    },
  ],
  exceptions: [
    ...exceptions,
    {
      what: 'looks up',
      because: 'Its report is about SMS; no question about a WhatsApp message is documented.',
    },
    {
      what: 'submits templates',
      because: 'Submitting by program is not documented: the admin submits in the company’s console.',
    },
    {
      what: 'tells a refused template apart',
      because: 'It answers 400 for all that it does not like, and documents no body that says what it was.',
    },
  ],
})

it('a forged "Delivered" changes nothing by itself: the report is asked, and knows better', async () => {
  const company = await startWith('sms')()
  try {
    const outgoing = {
      ...{ attemptId: 'forged-1', channel: 'sms' as const, from: senders.sms, callbackUrl: '' },
      ...{ to: address('+15005550014'), content: { kind: 'text' as const, text: 'Your visit is tomorrow.' } },
    }
    const outcome = await unifonic.send(outgoing, company.credentials)
    const providerId = outcome.kind === 'accepted' ? outcome.providerId : ''
    const body = new URLSearchParams({ MessageID: providerId, DLR: 'Delivered' }).toString()
    const forged = {
      ...{ method: 'POST', headers: {}, body: Buffer.from(body) },
      url: `https://qasid.example/webhooks/a/sms?key=${account.webhookToken}`,
    }
    const hint = { kind: 'hint', providerId }
    expect(await unifonic.parse(forged, instant(0), company.credentials)).toEqual({
      kind: 'events',
      events: [hint],
    })
    const wanted = { ...outgoing, providerId, text: '', claimedAt: instant(0), askedAt: instant(60_000) }
    const found = await unifonic.lookUp?.(wanted, company.credentials)
    expect(found).toMatchObject({ kind: 'found', event: { state: expect.stringMatching(/^(queued|sent)$/) } })
  } finally {
    await company.stop()
  }
})

it('the same without the key, or with another, is refused', async () => {
  const url = 'https://qasid.example/webhooks/a/sms'
  const webhook = { method: 'POST', headers: {}, body: Buffer.from('MessageID=1&DLR=Delivered') }
  const given = unifonic.credentials.parse(account)
  const verify = (query: string) => unifonic.verify({ ...webhook, url: url + query }, given)
  expect(await verify(`?key=${account.webhookToken}`)).toEqual({ kind: 'valid' })
  for (const query of [
    '',
    '?key=',
    '?key=another',
    `?key=${account.webhookToken}1`,
    `?KEY=${account.webhookToken}`,
  ])
    expect(await verify(query)).toMatchObject({ kind: 'refused' })
})
