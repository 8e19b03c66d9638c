/** Meta's Cloud API against its imitation, both over HTTP. */
import { describe, expect, it, vi } from 'vitest'
import { meta as wire } from '../../sandbox/carriers/meta.ts'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import { type MetaCredentials, meta } from '../../src/providers/meta/meta.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { startCarrierCompany } from './carrier-company.ts'
import { describeProvider } from './provider.ts'

const address = (text: string) => text as Address
const sender = address('+15550100002')
const patient = address('+971501234567')
const account = {
  accessToken: 'access-token-of-a-test',
  phoneNumberId: '200000000000001',
  businessAccountId: '100000000000001',
  appSecret: 'app-secret-of-a-test',
  verifyToken: 'verify-token-of-a-test',
}

async function startCompany() {
  const company = await startCarrierCompany({
    wire,
    account,
    senders: [{ channel: 'whatsapp', address: sender }],
  })
  const credentials: MetaCredentials = {
    ...account,
    ...{ apiVersion: 'v26.0', baseUrl: `${company.url}/meta`, messageHistory: 'off' },
  }
  const secrets = [account.accessToken, account.appSecret, account.verifyToken]
  return { ...company, credentials, secrets }
}

const ending = (when: string, to: string, ...wanted: Partial<Outcome>[]) => ({
  ...{ when, channel: 'whatsapp' as const, to: address(to), wanted },
})
const accepted = { kind: 'accepted' } as const
const undeliverable = { kind: 'rejected', reason: 'invalid-recipient', code: '131026' } as const

describeProvider(meta, {
  start: startCompany,
  pointedAt: (credentials, baseUrl) => ({ ...credentials, baseUrl }),
  mistaken: (credentials) => ({ ...credentials, accessToken: 'another-token' }),
  neighbour: (credentials) => ({ ...credentials, businessAccountId: '100000000000002' }),
  senders: { whatsapp: sender },
  recipients: { whatsapp: patient },
  answers: [
    ending('not on WhatsApp', '+15005550001', undeliverable),
    ending('cannot be reached', '+15005550002', undeliverable),
    ending('no mobile', '+15005550009', undeliverable),
    ending('a country that is shut', '+15005550003', {
      ...{ kind: 'rejected', reason: 'recipient-not-allowed', code: '130497' },
    }),
    ending('a person who opted out', '+15005550004', { kind: 'opted-out', code: '131050' }),
    ending(
      'too fast, twice',
      '+15005550011',
      { kind: 'throttled', waitFor: 1_000 },
      { kind: 'throttled', waitFor: 1_000 },
      accepted,
    ),
    ending(
      'not taken, twice',
      '+15005550012',
      { kind: 'unreachable', code: '131016' },
      { kind: 'unreachable', code: '131016' },
      accepted,
    ),
    ending('free text after 24 hours', '+15005550013', {
      ...{ kind: 'rejected', reason: 'outside-window', code: '131047' },
    }),
  ],
  usual: { whatsapp: ['sent', 'delivered', 'read'] },
  endings: [
    { when: 'anyone', channel: 'whatsapp', to: patient, wanted: ['sent', 'delivered', 'read'] },
    {
      ...{ when: 'taken, never arrived', channel: 'whatsapp', to: address('+15005550010') },
      wanted: ['sent', 'failed'],
    },
    {
      ...{ when: 'no receipt ever', channel: 'whatsapp', to: address('+15005550014') },
      wanted: ['sent'],
    },
    {
      ...{ when: 'out of order', channel: 'whatsapp', to: address('+15005550015') },
      wanted: ['delivered', 'sent', 'delivered', 'read'],
    },
  ],
  exceptions: [
    {
      what: 'redacts',
      because: 'Its API has no call that removes a message; what it keeps goes by its own terms.',
    },
    {
      what: 'looks up',
      because: 'The history is found by the company’s id only, so an answer never seen cannot be looked up.',
    },
  ],
})

describe('Meta’s Cloud API besides', () => {
  const talk = async (story: (company: Awaited<ReturnType<typeof startCompany>>) => Promise<void>) => {
    const company = await startCompany()
    try {
      await story(company)
    } finally {
      await company.stop()
    }
  }
  const message = (wish: Partial<OutgoingMessage>): OutgoingMessage => ({
    ...{ attemptId: 'r1_1', channel: 'whatsapp', from: sender, to: patient },
    ...{ content: { kind: 'text', text: 'Hello' }, callbackUrl: 'https://qasid.example/webhooks/a/b' },
    ...wish,
  })

  it('a shut window is told later: accepted, then failed with the reason', () =>
    talk(async (company) => {
      const stranger = address('+971509876543')
      expect(await meta.send(message({ to: stranger }), company.credentials)).toMatchObject(accepted)
      const events = await vi.waitFor(async () => {
        const heard = company.webhooks().map((one) => meta.parse(one, instant(0), company.credentials))
        const told = (await Promise.all(heard)).flatMap((one) => (one.kind === 'events' ? one.events : []))
        const failed = told.filter((one) => one.kind === 'delivery')
        expect(failed).not.toEqual([])
        return failed
      })
      expect(events).toMatchObject([
        { attemptId: 'r1_1', state: 'failed', reason: 'outside-window', code: '131047', sender },
      ])
      expect(await company.taken(message({ to: stranger }))).toEqual([])
    }))

  it('names messages by ids that hold the patient’s number for whoever decodes them, as the real ones do', () =>
    talk(async ({ credentials }) => {
      const outcome = await meta.send(message({}), credentials)
      const [, base64 = ''] =
        /^wamid\.(HBg\S+)$/.exec(outcome.kind === 'accepted' ? outcome.providerId : '') ?? []
      expect(Buffer.from(base64, 'base64').toString('latin1')).toContain('971501234567')
    }))

  it('looks up in the message history where the account has it, and only by the company’s id', () =>
    talk(async ({ credentials }) => {
      const outcome = await meta.send(message({}), credentials)
      const providerId = outcome.kind === 'accepted' ? outcome.providerId : ''
      const wanted = {
        ...{ attemptId: 'r1_1', channel: 'whatsapp' as const, from: sender, to: patient, text: 'Hello' },
        ...{ claimedAt: instant(0), askedAt: instant(1) },
      }
      const on = { ...credentials, messageHistory: 'on' } as const
      expect(await meta.lookUp?.({ ...wanted, providerId }, credentials)).toMatchObject({
        kind: 'cannot-say',
      })
      expect(await meta.lookUp?.(wanted, on)).toMatchObject({ kind: 'cannot-say' })
      expect(await meta.lookUp?.({ ...wanted, providerId: 'wamid.none' }, on)).toMatchObject({
        kind: 'cannot-say',
      })
      await vi.waitFor(async () =>
        expect(await meta.lookUp?.({ ...wanted, providerId }, on)).toMatchObject({
          kind: 'found',
          event: { attemptId: 'r1_1', providerId, state: 'read' },
        }),
      )
    }))

  it('the number of another account is no healthy sender', () =>
    talk(async ({ credentials }) => {
      const check = (given: MetaCredentials, own = sender) =>
        meta.checkHealth({ channel: 'whatsapp', address: own }, given)
      expect(await check(credentials)).toEqual({ kind: 'healthy', quality: 'GREEN' })
      expect(await check(credentials, address('+15550100009'))).toEqual({
        ...{ kind: 'misconfigured', code: 'other-number' },
      })
      expect(await check({ ...credentials, phoneNumberId: '1' })).toEqual({
        kind: 'misconfigured',
        code: '100',
      })
      expect(await check({ ...credentials, apiVersion: 'v19.0' })).toMatchObject({ kind: 'misconfigured' })
    }))

  it('lists more templates than fit on one page', () =>
    talk(async ({ credentials }) => {
      for (let count = 0; count < 120; count += 1)
        await meta.templates?.submit(
          { name: `visit_${count}`, language: 'en', category: 'UTILITY', body: 'See you.', samples: [] },
          credentials,
        )
      const listed = await meta.templates?.list(credentials)
      expect(listed?.kind === 'templates' && new Set(listed.templates.map(({ name }) => name)).size).toBe(120)
    }))
})
