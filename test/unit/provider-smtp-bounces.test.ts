/** Bounces and delivery reports, as mail servers of several makes write them. */
import { describe, expect, it } from 'vitest'
import type { ProviderEvent } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import { smtp } from '../../src/providers/smtp/smtp.ts'

const receivedAt = instant(Date.UTC(2026, 10, 20, 10))
const given = {
  ...{ host: 'mail.clinic.example', port: '587', webhookSecret: 'webhook-secret-of-a-test' },
  security: 'starttls' as const,
}
const date = 'Fri, 20 Nov 2026 09:59:00 +0000'
const at = Date.UTC(2026, 10, 20, 9, 59)

interface Bounce {
  to?: string
  ofMessage?: string[]
  ofRecipient?: string[]
  /** Headers that come back; none where the server sends none. */
  returned?: string[] | undefined
  returnedAs?: string
}

const failed = ['Final-Recipient: rfc822; ada@home.example', 'Action: failed', 'Status: 5.1.1']
const ours = ['Subject: Your visit', 'Message-ID: <r1_1@clinic.example>']

function bounce(wish: Bounce): string {
  const {
    to = 'hello@clinic.example',
    ofMessage = ['Reporting-MTA: dns; mail.example'],
    ofRecipient = failed,
  } = wish
  const { returned = ours, returnedAs = 'message/rfc822' } = wish
  const lines = [
    `Date: ${date}`,
    ...['From: MAILER-DAEMON@mail.example', `To: ${to}`, 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0'],
    ...['Content-Type: multipart/report; report-type=delivery-status; boundary="b"', ''],
    ...['--b', '', 'It could not be delivered.', ''],
    ...['--b', 'Content-Type: message/delivery-status', '', ...ofMessage, '', ...ofRecipient, ''],
    ...('returned' in wish && !wish.returned
      ? []
      : ['--b', `Content-Type: ${returnedAs}`, '', ...returned, '', '']),
    '--b--',
  ]
  return lines.join('\r\n')
}

async function eventIn(wish: Bounce): Promise<ProviderEvent | undefined> {
  const webhook = {
    method: 'POST',
    url: 'https://qasid.example/webhooks/a/mail',
    headers: {},
    body: Buffer.from(bounce(wish)),
  }
  const parsed = await smtp.parse(webhook, receivedAt, given)
  return parsed.kind === 'events' ? parsed.events[0] : undefined
}

describe('a bounce', () => {
  it('says of which attempt it is, and why', async () => {
    expect(await eventIn({})).toEqual({
      ...{ kind: 'delivery', attemptId: 'r1_1', providerId: 'r1_1@clinic.example', state: 'undelivered', at },
      ...{ reason: 'invalid-recipient', code: '5.1.1' },
    })
  })

  it.each<[string, Bounce, object]>([
    [
      'the headers only',
      { returnedAs: 'text/rfc822-headers' },
      { attemptId: 'r1_1', providerId: 'r1_1@clinic.example' },
    ],
    [
      'a folded header',
      { returned: ['Message-ID:', ' <r1_1@clinic.example>'] },
      { attemptId: 'r1_1', providerId: 'r1_1@clinic.example' },
    ],
    [
      'nothing but the envelope',
      { returned: undefined, ofMessage: ['Original-Envelope-Id: r1+5F1@clinic.example'] },
      { attemptId: 'r1_1', providerId: 'r1_1@clinic.example' },
    ],
    [
      'the address it goes to, where the server changed our Message-ID',
      { to: '<bounce+r1_1@bounces.clinic.example>', returned: ['Message-ID: <0100-a@email.amazonses.com>'] },
      { attemptId: 'r1_1', providerId: '0100-a@email.amazonses.com' },
    ],
    [
      'the address alone',
      { to: 'bounce+r1_1@bounces.clinic.example', returned: undefined },
      { attemptId: 'r1_1' },
    ],
  ])('names its attempt by %s', async (_what, wish, wanted) => {
    expect(await eventIn(wish)).toMatchObject({ kind: 'delivery', state: 'undelivered', ...wanted })
  })

  it.each<[string, string | undefined, string]>([
    ['5.1.1', undefined, 'invalid-recipient'],
    ['5.1.10', undefined, 'invalid-recipient'],
    ['5.2.1', undefined, 'recipient-unreachable'],
    ['5.2.2', undefined, 'recipient-unreachable'],
    ['5.2.3', undefined, 'file-refused'],
    ['5.3.4', undefined, 'file-refused'],
    ['5.4.1', undefined, 'recipient-unreachable'],
    ['5.6.1', undefined, 'content-refused'],
    ['5.7.1', undefined, 'policy-refused'],
    ['5.1.8', undefined, 'sender-misconfigured'],
    ['4.4.7', undefined, 'undelivered'],
    ['5.0.0', 'smtp; 550 5.1.1 User unknown', 'invalid-recipient'],
    ['5.0.0', 'smtp; 550 refused by 10.5.1.1', 'undelivered'],
    ['', 'smtp; 552 5.2.2 Mailbox full', 'recipient-unreachable'],
    ['5.5.0', undefined, 'undelivered'],
  ])('with status %s (%s): %s', async (status, diagnostic, reason) => {
    const ofRecipient = [
      'Action: failed',
      `Status: ${status}`,
      ...(diagnostic ? [`Diagnostic-Code: ${diagnostic}`] : []),
    ]
    expect(await eventIn({ ofRecipient })).toMatchObject({ state: 'undelivered', reason })
  })

  it('counts also in other spellings: folded, in capitals, after another recipient', async () => {
    const ofRecipient = [
      ...['Final-Recipient: rfc822; list@home.example', 'Action: expanded', 'Status: 2.0.0', '  '],
      ...[
        'FINAL-RECIPIENT: rfc822; ada@home.example',
        'ACTION:',
        ' FAILED (for good)',
        'STATUS: 5.2.2 (full)',
      ],
    ]
    expect(await eventIn({ ofRecipient })).toMatchObject({ state: 'undelivered', code: '5.2.2' })
  })
})

describe('another report', () => {
  it('of success is a delivery', async () => {
    const ofRecipient = ['Action: delivered', 'Status: 2.0.0']
    expect(await eventIn({ ofRecipient })).toEqual({
      ...{ kind: 'delivery', attemptId: 'r1_1', providerId: 'r1_1@clinic.example', state: 'delivered', at },
    })
  })

  it.each([
    'delayed',
    'relayed',
    'expanded',
    'something',
    '',
  ])('of action "%s" ends nothing', async (action) => {
    expect(await eventIn({ ofRecipient: [`Action: ${action}`, 'Status: 4.4.1'] })).toMatchObject({
      kind: 'ignored',
    })
  })

  it('of a message that nobody names is left alone', async () => {
    expect(await eventIn({ returned: undefined })).toMatchObject({ kind: 'ignored' })
  })
})
