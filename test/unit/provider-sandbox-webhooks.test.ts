/** How the sandbox provider believes webhooks, and reads them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { sandbox } from '../../src/providers/sandbox.ts'

const credentials = {
  ...{ baseUrl: 'http://carrier.example:8082', token: 'carrier-token', webhookSecret: 'webhook-secret' },
}

const url = 'https://qasid.example/webhooks/a/sms?attempt=r1_1'
const webhook = (body: unknown) => ({
  ...{ method: 'POST', url, headers: {} },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const at = '2026-11-20T08:00:00Z'
const status = { type: 'status', id: 'SB1', correlation: 'r1_1', status: 'sent', at }
const inbound = {
  type: 'message',
  id: 'SB2',
  channel: 'sms',
  from: '+971501234567',
  to: '+15550100001',
  text: '1',
  at,
}

describe('parse', () => {
  const delivery = { kind: 'delivery', attemptId: 'r1_1', providerId: 'SB1', at: instant(Date.parse(at)) }

  it.each<[string, object, object]>([
    ['a state', status, { ...delivery, state: 'sent' }],
    [
      'a failure with its code',
      { ...status, status: 'undelivered', code: 'unreachable-handset' },
      { ...delivery, state: 'undelivered', reason: 'undelivered', code: 'unreachable-handset' },
    ],
    [
      'a failure without',
      { ...status, status: 'failed' },
      { ...delivery, state: 'failed', reason: 'undelivered' },
    ],
    ['a code that is none', { ...status, code: 'Ada said no' }, { ...delivery, state: 'sent' }],
    ['no correlation', { ...status, correlation: undefined }, { ...delivery, state: 'sent' }],
    [
      'a state nobody knows',
      { ...status, status: 'teleported' },
      { kind: 'ignored', because: 'unknown status' },
    ],
    [
      'a state of JavaScript',
      { ...status, status: 'valueOf' },
      { kind: 'ignored', because: 'unknown status' },
    ],
    ['a kind nobody knows', { type: 'billing' }, { kind: 'ignored', because: 'unknown type' }],
    [
      'a message that quotes ours',
      { ...inbound, inReplyTo: 'SB1' },
      {
        ...{ kind: 'inbound', providerId: 'SB2', channel: 'sms', from: '+971501234567', to: '+15550100001' },
        ...{ text: '1', at: instant(Date.parse(at)), inReplyTo: 'SB1' },
      },
    ],
    [
      'a file, to be fetched by its id',
      { ...inbound, text: '', file: { id: 'f1', contentType: 'image/png', name: 'scan.png', size: 3 } },
      { text: '', files: [{ kind: 'image', location: 'f1', contentType: 'image/png', name: 'scan.png' }] },
    ],
    [
      'a voice note',
      { ...inbound, text: '', file: { id: 'f2', contentType: 'audio/ogg' } },
      { files: [{ kind: 'voice', location: 'f2' }] },
    ],
    [
      'a reaction',
      { ...inbound, text: '👍', reaction: { emoji: '👍', toMessage: 'SB1' } },
      { text: '👍', reaction: { emoji: '👍', toMessage: 'SB1' } },
    ],
    [
      'a reaction taken back',
      { ...inbound, text: '', reaction: { emoji: '', toMessage: 'SB1' } },
      { text: '', reaction: { emoji: '', toMessage: 'SB1' } },
    ],
    ['a message from a short code', { ...inbound, from: '12345' }, { kind: 'inbound', from: '12345' }],
  ])('%s', (_what, body, wanted) => {
    expect(sandbox.parse(webhook(body), instant(0), credentials)).toMatchObject({
      kind: 'events',
      events: [wanted],
    })
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', 'status=sent'],
    ['a state without time', { ...status, at: undefined }],
    ['a state at 30 February', { ...status, at: '2026-02-30T08:00:00Z' }],
    ['a state without id', { ...status, id: '' }],
    ['a message without text', { ...inbound, text: undefined }],
    ['a message by pigeon', { ...inbound, channel: 'pigeon' }],
    ['a message from nobody', { ...inbound, from: 'Ada' }],
    ['a file without an id', { ...inbound, file: { contentType: 'image/png' } }],
    ['a reaction to nothing', { ...inbound, reaction: { emoji: '👍' } }],
    ['a message to nobody', { ...inbound, to: '' }],
  ])('%s is malformed, for a reason that repeats nothing', (_what, body) => {
    expect(sandbox.parse(webhook(body), instant(0), credentials)).toEqual({
      kind: 'malformed',
      because: expect.stringMatching(/^(a|the) /),
    })
    expect(JSON.stringify(sandbox.parse(webhook(body), instant(0), credentials))).not.toMatch(/Ada|9715/)
  })

  it('what is not UTF-8 is malformed, never a text with holes', () => {
    const body = Buffer.concat([
      Buffer.from('{"type":"billing","note":"'),
      Buffer.of(0xff),
      Buffer.from('"}'),
    ])
    expect(sandbox.parse({ ...webhook(''), body }, instant(0), credentials)).toMatchObject({
      kind: 'malformed',
    })
  })

  it('never throws, and says the same twice, whatever the bytes', async () => {
    const anyStatus = fc.record({ ...fields('status'), status: fc.anything(), correlation: fc.anything() })
    const anyMessage = fc.record({
      ...fields('message'),
      from: fc.string(),
      to: fc.string(),
      text: fc.anything(),
    })
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.oneof(fc.anything(), anyStatus, anyMessage).map((one) => Buffer.from(asJson(one))),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const given = { ...webhook(''), body }
        const parsed = await sandbox.parse(given, instant(0), credentials)
        expect(['events', 'malformed']).toContain(parsed.kind)
        expect(await sandbox.parse(given, instant(0), credentials)).toEqual(parsed)
      }),
    )
  })
})

function fields(type: string) {
  return {
    type: fc.constant(type),
    id: fc.string(),
    at: fc.constantFrom(at, 'soon', ''),
    channel: fc.constant('sms'),
  }
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

describe('verify', () => {
  it('takes no signature but the one over these bytes with this secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.string(), async (body, given) => {
        const verdict = await sandbox.verify(
          { ...webhook(''), body, headers: { 'x-mock-signature': given } },
          credentials,
        )
        expect(verdict.kind).toBe('refused')
      }),
    )
  })
})
