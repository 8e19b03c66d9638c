/** What became of a message whose answer was never seen: Twilio keeps no correlation of ours, so its log is compared. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import { instant, second } from '../../src/domain/time.ts'
import type { LookUp } from '../../src/providers/provider.ts'
import { listUrl, toFound } from '../../src/providers/twilio/message-log.ts'
import { twilio } from '../../src/providers/twilio/twilio.ts'

const accountSid = 'AC00000000000000000000000000000001'
const credentials = twilio.credentials.parse({ accountSid, authToken: 'auth-token' })
const claimedAt = instant(Date.UTC(2026, 10, 20, 5, 0, 0, 700))
const wanted: LookUp = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  ...{ text: 'See you\nsoon 👍', claimedAt, askedAt: instant(claimedAt + 300 * second) },
}
const sid = 'SM00000000000000000000000000000001'
const entry = {
  ...{ sid, status: 'delivered', direction: 'outbound-api', body: 'See you\nsoon 👍', num_media: '0' },
  ...{ num_segments: '2', price: '-0.0150', price_unit: 'USD', error_code: null },
  date_created: 'Fri, 20 Nov 2026 05:00:00 +0000',
  date_updated: 'Fri, 20 Nov 2026 05:00:09 +0000',
}

function found(messages: object[], more: object = {}, given = credentials) {
  const body = { messages, next_page_uri: null, ...more }
  return toFound({ kind: 'answer', status: 200, headers: {}, body }, wanted, given)
}

describe('the list that is asked for', () => {
  it.each([
    ['SMS', wanted, credentials, { To: '+971501234567', From: '+15550100001' }],
    [
      'WhatsApp',
      { ...wanted, channel: 'whatsapp' as const },
      credentials,
      { To: 'whatsapp:+971501234567', From: 'whatsapp:+15550100001' },
    ],
    [
      'a service that chooses the sender',
      wanted,
      { ...credentials, messagingServiceSid: 'MG00000000000000000000000000000001' },
      { To: '+971501234567' },
    ],
  ])('for %s', (_what, given, account, query) => {
    const url = new URL(listUrl(given, account))
    expect(url.pathname).toBe(`/2010-04-01/Accounts/${accountSid}/Messages.json`)
    expect(Object.fromEntries(url.searchParams)).toEqual({ ...query, PageSize: '1000' })
  })
})

describe('a message in the list', () => {
  const event = {
    ...{ kind: 'delivery', attemptId: 'r1_1', providerId: sid, state: 'delivered' },
    ...{ at: Date.UTC(2026, 10, 20, 5, 0, 9), segments: 2, cost: { amount: '0.0150', currency: 'USD' } },
  }

  it('is ours when it says the same and was made since', () => {
    expect(found([entry])).toEqual({ kind: 'found', event })
  })

  it.each<[string, object, object]>([
    [
      'it failed with a code',
      { status: 'failed', error_code: 30007 },
      { reason: 'policy-refused', code: '30007' },
    ],
    ['a trial account wrote before it', { body: `Sent from a trial account - ${entry.body}` }, {}],
    ['its line ends were changed', { body: 'See you\r\nsoon 👍' }, {}],
    ['it still waits', { status: 'queued', price: null, num_segments: '0' }, { state: 'queued' }],
    ['it has no time', { date_created: null, date_updated: null }, { at: wanted.askedAt }],
    ['its clock is behind ours', { date_created: 'Fri, 20 Nov 2026 04:59:52 +0000' }, {}],
  ])('is ours when %s', (_what, difference, told) => {
    expect(found([{ ...entry, ...difference }])).toMatchObject({ kind: 'found', event: told })
  })

  it.each<[string, object]>([
    ['is older than the claim', { date_created: 'Fri, 20 Nov 2026 04:59:00 +0000' }],
    ['is the patient’s', { direction: 'inbound' }],
  ])('is not ours when it %s', (_what, difference) => {
    expect(found([{ ...entry, ...difference }])).toEqual({ kind: 'never-taken' })
  })

  it('is not ours when another service sent it', () => {
    const given = { ...credentials, messagingServiceSid: 'MG00000000000000000000000000000001' }
    const other = { ...entry, messaging_service_sid: 'MG00000000000000000000000000000002' }
    expect(found([other], {}, given)).toEqual({ kind: 'never-taken' })
    const own = { ...entry, messaging_service_sid: given.messagingServiceSid }
    expect(found([other, own], {}, given)).toMatchObject({ kind: 'found' })
  })
})

describe('nothing is said', () => {
  it.each<[string, ReturnType<typeof found>]>([
    ['when two look like it', found([entry, { ...entry, sid: sid.replace('1', '2') }])],
    ['when there is more than one page', found([], { next_page_uri: '/2010-04-01/next' })],
    ['when the account blanks its texts', found([{ ...entry, body: '' }])],
    // A template is worded by the company, so other words are no proof.
    ['when another message went there since', found([{ ...entry, body: 'See you\nlater' }])],
    ['when a longer one went there since', found([{ ...entry, body: 'I See you\nsoon 👍' }])],
    ['when a file went there since', found([{ ...entry, body: '', num_media: '1' }])],
    ['when the status is unknown', found([{ ...entry, status: 'teleported' }])],
    ['when the list is none', found([{ sid: 1 }])],
    [
      'when it is refused',
      toFound({ kind: 'answer', status: 401, headers: {}, body: {} }, wanted, credentials),
    ],
    ['when nobody answers', toFound({ kind: 'never-seen', code: 'ECONNRESET' }, wanted, credentials)],
  ])('%s', (_what, answer) => {
    expect(answer).toEqual({ kind: 'cannot-say', because: expect.any(String) })
    expect(JSON.stringify(answer)).not.toMatch(/See you|9715/)
  })

  it('and nothing was taken where the list is empty', () => {
    expect(found([])).toEqual({ kind: 'never-taken' })
  })
})
