/** Every status and error code of Twilio's that is documented, in the answer to a send and in a callback. */
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Reason } from '../../src/domain/reason.ts'
import { instant } from '../../src/domain/time.ts'
import { toOutcome, twilio } from '../../src/providers/twilio/twilio.ts'

type Told = (code: string) => Outcome
const rejected =
  (reason: Reason): Told =>
  (code) => ({ kind: 'rejected', reason, code })
const misconfigured: Told = (code) => ({ kind: 'misconfigured', code })
const soon: Told = () => ({ kind: 'throttled', waitFor: 1_000 })
const late: Told = () => ({ kind: 'throttled', waitFor: 3_600_000 })
const unreachable: Told = (code) => ({ kind: 'unreachable', code })
const optedOut: Told = (code) => ({ kind: 'opted-out', code })

/** As the company classes them; and the reason that a failed delivery with this code has. */
const classes: [what: string, codes: string, told: Told, reason: Reason][] = [
  ['too fast', '20429 21611 30001 30022 63017 63018', soon, 'undelivered'],
  ['a cap of the day', '30023 30027 30454 63038', late, 'undelivered'],
  ['out of coverage', '30003 30036', rejected('recipient-unreachable'), 'recipient-unreachable'],
  [
    'passing trouble',
    '21730 30008 30009 30017 30020 30021 30035 30410 30500 63009 63010 63012',
    unreachable,
    'undelivered',
  ],
  ['opted out', '21610 63014', optedOut, 'provider-opt-out'],
  [
    'no such number',
    '21211 21614 21635 30005 30006 63003 63024',
    rejected('invalid-recipient'),
    'invalid-recipient',
  ],
  ['no route', '21612', rejected('recipient-unreachable'), 'recipient-unreachable'],
  ['outside the window', '63016', rejected('outside-window'), 'outside-window'],
  ['credentials', '20003 63001', misconfigured, 'sender-misconfigured'],
  [
    'settings',
    '20404 21603 21604 21609 21703 21704 21705 21910 35111 35114 35115 35126 63002 63007 63008 63031 30012 30010',
    misconfigured,
    'sender-misconfigured',
  ],
  ['this recipient only', '21408 21608 63015', rejected('recipient-not-allowed'), 'recipient-not-allowed'],
  [
    'the sender',
    '21212 21606 21708 21709 30002 30018 30024 30032 30033 30034 30037 30040 30041 30042 63020 63022 63051',
    misconfigured,
    'sender-misconfigured',
  ],
  [
    'the template',
    '21654 21655 21656 63021 63027 63028 63029 63040 63041 63042',
    rejected('template-refused'),
    'template-refused',
  ],
  ['the words', '21602 21617 21619 63005 63006 63030 63100', rejected('content-refused'), 'content-refused'],
  ['the file', '21620 21623 30011 30019 63019 63025 63034 63037', rejected('file-refused'), 'file-refused'],
  [
    'a rule',
    '30004 30007 30038 30039 30440 30450 30453 30485 63013 63026 63032 63033 63049',
    rejected('policy-refused'),
    'policy-refused',
  ],
  ['nothing more', '63023', rejected('rejected'), 'rejected'],
]

const rows = classes.flatMap(([what, codes, told, reason]) =>
  codes.split(' ').map((code) => ({ what, code, wanted: told(code), reason })),
)

const accountSid = 'AC00000000000000000000000000000001'
const credentials = twilio.credentials.parse({ accountSid, authToken: 'auth-token' })

function callback(fields: Record<string, string>) {
  return {
    ...{ method: 'POST', url: 'https://qasid.example/webhooks/a/sms?attempt=r1_1', headers: {} },
    body: Buffer.from(new URLSearchParams({ MessageSid: 'SM1', ...fields }).toString()),
  }
}

function told(fields: Record<string, string>) {
  const parsed = twilio.parse(callback(fields), instant(1_000), credentials)
  return 'kind' in parsed && parsed.kind === 'events' ? parsed.events : parsed
}

describe('error codes', () => {
  it('are each in one class', () => {
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length)
    expect(rows).toHaveLength(114)
  })

  it.each(rows)('$code, $what: in the answer to a send', ({ code, wanted }) => {
    const status = code === '20429' ? 429 : 400
    expect(toOutcome({ status, headers: {}, body: { code: Number(code), status } })).toEqual(wanted)
  })

  it.each(rows)('$code, $what: in a callback', ({ code, reason }) => {
    expect(told({ MessageStatus: 'undelivered', ErrorCode: code })).toEqual([
      {
        ...{ kind: 'delivery', attemptId: 'r1_1', providerId: 'SM1', state: 'undelivered' },
        ...{ at: 1_000, reason, code },
      },
    ])
  })
})

describe('statuses', () => {
  it.each([
    ['scheduled', 'queued'],
    ['accepted', 'queued'],
    ['queued', 'queued'],
    ['sending', 'queued'],
    ['sent', 'sent'],
    ['partially_delivered', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
  ])('%s is %s, and says no reason', (status, state) => {
    expect(told({ MessageStatus: status, ErrorCode: '30003' })).toEqual([
      { kind: 'delivery', attemptId: 'r1_1', providerId: 'SM1', state, at: 1_000 },
    ])
  })

  it.each([
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('%s is %s, for a reason', (status, state) => {
    expect(told({ MessageStatus: status })).toMatchObject([{ state, reason: 'undelivered' }])
    expect(told({ MessageStatus: status, ErrorCode: 'Ada said no' })).toEqual([
      expect.not.objectContaining({ code: expect.anything() }),
    ])
  })

  it.each(['receiving', 'received', 'teleported', 'valueOf', ''])('%j is ignored', (status) => {
    expect(told({ MessageStatus: status })).toEqual([{ kind: 'ignored', because: 'unknown status' }])
  })
})
