/** What comes by the webhook of a mailbox: answers, files, bounces, and what programs write. */
import { describe, expect, it } from 'vitest'
import type { ProviderEvent } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import { smtp } from '../../src/providers/smtp/smtp.ts'

const receivedAt = instant(Date.UTC(2026, 10, 20, 10))
const given = {
  ...{ host: 'mail.clinic.example', port: '587', webhookSecret: 'webhook-secret-of-a-test' },
  security: 'starttls' as const,
}
const usual = {
  From: 'Ada <Ada@home.example>',
  To: 'The clinic <hello@clinic.example>',
  Subject: 'Re: Your visit',
  'Message-ID': '<abc@home.example>',
  'In-Reply-To': '<r1_1@clinic.example>',
  Date: 'Fri, 20 Nov 2026 09:59:00 +0000',
  'Content-Type': 'text/plain; charset=utf-8',
}

function mail(headers: Record<string, string | undefined>, body = '1\r\n'): string {
  const lines = Object.entries({ ...usual, ...headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  return [...lines, '', body].join('\r\n')
}

function parse(raw: string | Uint8Array) {
  const webhook = {
    method: 'POST',
    url: 'https://qasid.example/webhooks/a/mail',
    headers: {},
    body: Buffer.from(raw),
  }
  return smtp.parse(webhook, receivedAt, given)
}

async function eventIn(raw: string | Uint8Array): Promise<ProviderEvent | undefined> {
  const parsed = await parse(raw)
  return parsed.kind === 'events' ? parsed.events[0] : undefined
}

describe('an answer', () => {
  it('is the new part of it, with whom it is from and what it answers', async () => {
    const body =
      '1\r\n\r\nOn Fri, 20 Nov 2026 at 09:00, Clinic <hello@clinic.example> wrote:\r\n> Will you come?\r\n'
    expect(await eventIn(mail({}, body))).toEqual({
      ...{ kind: 'inbound', providerId: 'abc@home.example', channel: 'email' },
      ...{ from: 'ada@home.example', to: 'hello@clinic.example', text: '1' },
      ...{ at: Date.UTC(2026, 10, 20, 9, 59), inReplyTo: 'r1_1@clinic.example' },
    })
  })

  it.each<[string, Record<string, string | undefined>, object]>([
    [
      'answers the last that it refers to',
      { 'In-Reply-To': undefined, References: '<a@b.example>\r\n <c@b.example>' },
      { inReplyTo: 'c@b.example' },
    ],
    ['is never later than now', { Date: 'Sat, 21 Nov 2026 10:00:00 +0000' }, { at: receivedAt }],
    ['is of now without a date', { Date: 'soon' }, { at: receivedAt }],
    [
      'goes to the one that it was delivered to',
      { To: 'son@home.example, hello@clinic.example', 'Delivered-To': 'hello@clinic.example' },
      { to: 'hello@clinic.example' },
    ],
    [
      'goes by its own address, not by the mailbox behind it',
      { 'Delivered-To': 'box7@mail.example' },
      { to: 'hello@clinic.example' },
    ],
    [
      'may be a blind copy',
      { To: 'undisclosed-recipients:;', 'X-Original-To': '<hello@clinic.example>' },
      { to: 'hello@clinic.example' },
    ],
    ['may be to a group', { To: 'Clinic: hello@clinic.example;' }, { to: 'hello@clinic.example' }],
    ['may be in HTML only', { 'Content-Type': 'text/html; charset=utf-8' }, { text: '1' }],
    ['may say that it is written by hand', { 'Auto-Submitted': 'no' }, { text: '1' }],
    ['may refuse some answers', { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }, { text: '1' }],
  ])('%s', async (_what, headers, wanted) => {
    expect(await eventIn(mail(headers))).toMatchObject({ kind: 'inbound', ...wanted })
  })

  it('has a name also where its program gave it none, or a dangerous one', async () => {
    for (const id of [
      undefined,
      'none',
      '<a|b@home.example>',
      '<a,b@home.example>',
      `<${'a'.repeat(300)}@b.example>`,
    ])
      expect(await eventIn(mail({ 'Message-ID': id }))).toMatchObject({
        providerId: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
  })

  it('reads scripts and encodings as they are', async () => {
    const arabic = {
      'Content-Type': 'text/plain; charset=windows-1256',
      'Content-Transfer-Encoding': 'base64',
    }
    expect(await eventIn(mail(arabic, '5Nrj'))).toMatchObject({ text: 'نعم' })
    const hindi = { 'Content-Transfer-Encoding': 'quoted-printable' }
    expect(await eventIn(mail(hindi, '=E0=A4=B9=E0=A4=BE=E0=A4=81'))).toMatchObject({ text: 'हाँ' })
  })

  it('is its subject where it says no more, unless that is ours', async () => {
    const fresh = { Subject: 'STOP', 'In-Reply-To': undefined }
    expect(await eventIn(mail(fresh, ' \r\n'))).toMatchObject({ text: 'STOP' })
    expect(await eventIn(mail({}, '\r\n'))).toEqual({ kind: 'ignored', because: 'an empty mail' })
  })
})

describe('files', () => {
  const part = (type: string, bytes: Buffer, more: string[] = []) =>
    [
      `--b`,
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      ...more,
      '',
      bytes.toString('base64'),
    ].join('\r\n')
  const mixed = (...parts: string[]) =>
    mail(
      { 'Content-Type': 'multipart/mixed; boundary=b' },
      ['--b\r\n\r\nSee this.', ...parts, '--b--\r\n'].join('\r\n'),
    )
  const pdf = Buffer.from('%PDF-1.4 sample')

  it('come with the message', async () => {
    const named = ["Content-Disposition: attachment; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf"]
    expect(await eventIn(mixed(part('application/pdf', pdf, named)))).toMatchObject({
      text: 'See this.',
      files: [
        {
          kind: 'document',
          location: 'part:0',
          contentType: 'application/pdf',
          name: 'تقرير.pdf',
          bytes: new Uint8Array(pdf),
        },
      ],
    })
  })

  it.each([
    ['image/jpeg', 'image'],
    ['audio/ogg', 'voice'],
    ['video/mp4', 'video'],
    ['application/octet-stream', 'document'],
    ['message/rfc822', 'document'],
    ['constructor/x', 'document'],
  ])('of type %s are of kind %s', async (type, kind) => {
    const encoded =
      type === 'message/rfc822' ? `--b\r\nContent-Type: ${type}\r\n\r\nSubject: x\r\n\r\ny` : part(type, pdf)
    expect(await eventIn(mixed(encoded))).toMatchObject({
      text: 'See this.',
      files: [{ kind, contentType: type }],
    })
  })

  it('are what a person sent, not what programs add', async () => {
    const logo = part('image/png', pdf, ['Content-ID: <logo>', 'Content-Disposition: inline'])
    const related = mail(
      { 'Content-Type': 'multipart/related; boundary=b' },
      ['--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p><img src="cid:logo">', logo, '--b--\r\n'].join('\r\n'),
    )
    expect(await eventIn(related)).not.toHaveProperty('files')
    expect(await eventIn(mixed(part('application/pkcs7-signature', pdf)))).not.toHaveProperty('files')
  })

  it('of which a hundred come are told by their number beyond the tenth', async () => {
    const event = await eventIn(mixed(...Array.from({ length: 100 }, () => part('application/pdf', pdf))))
    expect(event).toMatchObject({ text: 'See this.\n[and 90 more files]' })
    expect(event?.kind === 'inbound' && event.files).toHaveLength(10)
    const eleven = await eventIn(mixed(...Array.from({ length: 11 }, () => part('application/pdf', pdf))))
    expect(eleven).toMatchObject({ text: 'See this.\n[and 1 more file]' })
  })

  it('beyond what is kept are named without their bytes, and will not come later', async () => {
    const [large, small] = [Buffer.alloc(10 * 1024 * 1024 + 1), Buffer.from('small')]
    const event = await eventIn(mixed(part('image/png', large), part('image/png', small)))
    const files = event?.kind === 'inbound' ? (event.files ?? []) : []
    expect(files.map(({ bytes }) => bytes?.length)).toEqual([undefined, 5])
    const fetched = await Promise.all(files.map((file) => smtp.fetchFile?.(file, given, 1_000)))
    expect(fetched.map((one) => one?.kind)).toEqual(['refused', 'file'])
  })
})

describe('what programs write', () => {
  it.each<[string, Record<string, string>]>([
    ['an absence note', { 'Auto-Submitted': 'auto-replied' }],
    ['a message like ours', { 'Auto-Submitted': 'auto-generated' }],
    ['a newsletter', { Precedence: 'bulk' }],
    ['a mailing list', { Precedence: 'list' }],
    ['an old absence note', { Precedence: 'auto_reply' }],
    ['another one', { 'X-Autoreply': 'yes' }],
    ['and another', { 'X-Autorespond': 'Re: Your visit' }],
    ['what refuses all answers', { 'X-Auto-Response-Suppress': 'All' }],
    ['a notice', { 'Return-Path': '<>' }],
    [
      'a receipt of reading',
      { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=b' },
    ],
    ['a bounce in words of its own', { To: '<bounce+r1_1@bounces.clinic.example>' }],
    ['our own mail', { From: 'hello@clinic.example' }],
  ])('%s is left alone, or it would go on for ever', async (_what, headers) => {
    expect(await eventIn(mail(headers))).toMatchObject({ kind: 'ignored' })
  })

  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['no mail', 'Hello'],
    ['mail from nobody', mail({ From: undefined })],
    ['mail from what is no address', mail({ From: 'Ada' })],
    ['mail to nobody', mail({ To: undefined })],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x0a])],
  ])('%s is malformed', async (_what, raw) => {
    expect(await parse(raw)).toMatchObject({ kind: 'malformed' })
  })
})
