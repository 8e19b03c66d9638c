/** What takes Twilio's provider more than one call: files behind a redirect, health by key, one message by its id. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import { instant } from '../../src/domain/time.ts'
import { kindOf } from '../../src/providers/twilio/inbound-media.ts'
import { twilio } from '../../src/providers/twilio/twilio.ts'
import { account, at, ownKey, type Scripted, startCompany } from './provider-twilio-company.ts'

const pdf = (location: string) => ({ kind: 'document' as const, location, contentType: 'application/pdf' })

describe('a file that a patient sent', () => {
  it('is fetched by token, and behind the redirect without it', async () => {
    const company = await startCompany((url) => ({
      'GET /media': { status: 307, headers: { location: `${url}/one` } },
      'GET /one': { status: 302, headers: { location: '/two' } },
      'GET /two': { status: 302, headers: { location: '/three' } },
      'GET /three': { status: 200, body: Buffer.from('%PDF') },
    }))
    const fetched = await twilio.fetchFile?.(pdf(`${company.url}/media`), at(company.url), 100)
    expect(fetched).toEqual({ kind: 'file', contentType: 'application/pdf', bytes: Buffer.from('%PDF') })
    expect(company.asked.map(({ call, key }) => [call, key])).toEqual([
      ['GET /media', ownKey],
      ...['GET /one', 'GET /two', 'GET /three'].map((call) => [call, undefined]),
    ])
  })

  it('that lies with somebody else, or leads there, is not asked for', async () => {
    const other = await startCompany(() => ({ 'GET /media': { status: 200, body: Buffer.from('%PDF') } }))
    const company = await startCompany(() => ({
      'GET /media': { status: 307, headers: { location: `${other.url}/media` } },
    }))
    for (const { url } of [other, company]) {
      const fetched = await twilio.fetchFile?.(pdf(`${url}/media`), at(company.url), 100)
      expect(fetched).toEqual({ kind: 'refused', because: 'gone' })
    }
    expect(other.asked).toEqual([])
  })

  it.each([
    ['https://api.twilio.com/x', 'door'],
    ['https://mms.twiliocdn.com/x', 'store'],
    ['https://s3-external-1.amazonaws.com/x', 'store'],
    ['https://stand-in.example:8443/x', 'door'],
    ['http://api.twilio.com/x', undefined],
    ['https://api.twilio.com.evil.example/x', undefined],
    ['https://eviltwilio.com/x', undefined],
    ['https://twilio.com@evil.example/x', undefined],
    ['https://169.254.169.254/latest', undefined],
    ['https://stand-in.example/x', undefined],
    ['file:///etc/passwd', undefined],
    ['nowhere', undefined],
  ])('at %s: %s', (url, kind) => {
    const places = { doors: ['twilio.com'], stores: ['twiliocdn.com', 'amazonaws.com'] }
    expect(kindOf(url, { baseUrl: 'https://stand-in.example:8443/twilio' }, places)).toBe(kind)
  })

  it.each<[string, Scripted, object]>([
    ['is not there yet', { status: 404 }, { kind: 'unreachable', code: 'http-404' }],
    ['is gone for good', { status: 410 }, { kind: 'refused', because: 'gone' }],
    ['is too large', { status: 200, body: Buffer.alloc(101) }, { kind: 'refused', because: 'too-large' }],
    ['cannot come now', { status: 503 }, { kind: 'unreachable', code: 'http-503' }],
    ['is behind a wrong token', { status: 401 }, { kind: 'unreachable', code: 'http-401' }],
    ['leads nowhere', { status: 302, headers: { location: 'ftp://x.example' } }, { because: 'gone' }],
  ])('%s', async (_what, answer, wanted) => {
    const company = await startCompany(() => ({ 'GET /media': answer }))
    const fetched = await twilio.fetchFile?.(pdf(`${company.url}/media`), at(company.url), 100)
    expect(fetched).toMatchObject(wanted)
  })

  it('is given up after three redirects', async () => {
    const company = await startCompany((url) => ({
      'GET /media': { status: 302, headers: { location: `${url}/media` } },
    }))
    const fetched = await twilio.fetchFile?.(pdf(`${company.url}/media`), at(company.url), 100)
    expect(fetched).toEqual({ kind: 'unreachable', code: 'http-302' })
    expect(company.asked).toHaveLength(4)
  })

  it('at no address is gone', async () => {
    expect(await twilio.fetchFile?.(pdf('nowhere'), at('http://localhost:1'), 100)).toMatchObject({
      because: 'gone',
    })
  })
})

describe('health', () => {
  const sender = { channel: 'sms', address: '+15550100001' as Address } as const
  const active = { [`GET ${account}.json`]: { status: 200, body: { status: 'active' } } }
  const byKey = { apiKey: 'SK00000000000000000000000000000001', apiSecret: 'key-secret' }

  it('asks for the account by token, and tries the key where there is one', async () => {
    const messages = { [`GET ${account}/Messages.json?PageSize=1`]: { status: 200, body: { messages: [] } } }
    const company = await startCompany(() => ({ ...active, ...messages }))
    const health = await twilio.checkHealth(sender, at(company.url, byKey))
    expect(health).toEqual({ kind: 'healthy', quality: 'active' })
    expect(company.asked.map(({ key }) => key)).toEqual([ownKey, `${byKey.apiKey}:key-secret`])
  })

  it('is misconfigured when the key is wrong, though the token is right', async () => {
    const messages = { [`GET ${account}/Messages.json?PageSize=1`]: { status: 401, body: { code: 20003 } } }
    const company = await startCompany(() => ({ ...active, ...messages }))
    const health = await twilio.checkHealth(sender, at(company.url, byKey))
    expect(health).toEqual({ kind: 'misconfigured', code: '20003' })
  })
})

describe('a message by its id', () => {
  const sid = 'SM00000000000000000000000000000001'
  const wanted = {
    ...({ attemptId: 'r1_1', providerId: sid, channel: 'sms', text: 'See you' } as const),
    ...{ from: '+15550100001' as Address, to: '+971501234567' as Address },
    ...{ claimedAt: instant(0), askedAt: instant(9_000) },
  }

  it('is what the company says of it now', async () => {
    const body = { sid, status: 'undelivered', error_code: 30005, price: '-0.0075', price_unit: 'USD' }
    const company = await startCompany(() => ({
      [`GET ${account}/Messages/${sid}.json`]: { status: 200, body },
    }))
    expect(await twilio.lookUp?.(wanted, at(company.url))).toEqual({
      kind: 'found',
      event: {
        ...{ kind: 'delivery', attemptId: 'r1_1', providerId: sid, state: 'undelivered', at: 9_000 },
        ...{ reason: 'invalid-recipient', code: '30005', cost: { amount: '0.0075', currency: 'USD' } },
      },
    })
  })

  it('is not "never taken" when the company no longer has it', async () => {
    const company = await startCompany(() => ({}))
    expect(await twilio.lookUp?.(wanted, at(company.url))).toMatchObject({ kind: 'cannot-say' })
  })
})
