/** Mails that are made to keep their reader busy: each gets an end, and an answer after which it does not come again. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { htmlToText } from '../../src/providers/smtp/html-text.ts'
import { withinBounds } from '../../src/providers/smtp/mail-bounds.ts'
import { smtp } from '../../src/providers/smtp/smtp.ts'

const receivedAt = instant(Date.UTC(2026, 10, 20, 10))
const given = {
  ...{ host: 'mail.clinic.example', port: '587', webhookSecret: 'webhook-secret-of-a-test' },
  security: 'starttls' as const,
}
const people = 'From: ada@home.example\r\nTo: hello@clinic.example\r\n'

async function parse(raw: string) {
  const url = 'https://qasid.example/webhooks/a/mail'
  return smtp.parse({ method: 'POST', url, headers: {}, body: Buffer.from(raw) }, receivedAt, given)
}

const report =
  'Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n'
const mixed = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'

describe('a mail of too much', () => {
  it.each<[string, string]>([
    ['a million empty lines', `${people}\r\n${'\n'.repeat(1_000_000)}`],
    ['a million lines of words', `${people}\r\n${'Hello you\r\n'.repeat(1_000_000)}`],
    ['a delivery report of empty lines', `${people}${report}\r\n${'\r\n'.repeat(1_000_000)}--b--\r\n`],
    ['a delivery report of blank lines', `${people}${report}\r\n${' \r\n'.repeat(1_000_000)}--b--\r\n`],
    ['a million parts', `${people}${mixed}${'--b\r\n'.repeat(1_000_000)}--b--\r\n`],
    ['headers without end', `${people}${'X-Long: header\r\n'.repeat(40_000)}\r\nHello`],
    [
      'parts within parts',
      `${people}${Array.from({ length: 100 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')}`,
    ],
  ])('%s: is left alone for good', async (_what, raw) => {
    expect(await parse(raw)).toEqual({
      ...{ kind: 'events' },
      events: [{ kind: 'ignored', because: 'a mail of too many lines, parts or headers' }],
    })
  })

  it('is not one that goes to thousands', async () => {
    const headers = 'Delivered-To: box@mail.example\r\n'.repeat(6_000)
    const others = Array.from({ length: 10_000 }, (_, at) => `p${at}@home.example`)
    const raw = `${headers}From: ada@home.example\r\nTo: hello@clinic.example,${others}\r\n\r\nHello`
    expect(await parse(raw)).toMatchObject({ events: [{ text: 'Hello', to: 'hello@clinic.example' }] })
  })
})

describe('a large file', () => {
  it.each([60, 64, 72, 76])('in lines of %d letters comes whole', async (width) => {
    // Not the same everywhere, and no multiple of three.
    const bytes = Buffer.alloc(9_000_001, createHash('sha512').update('sample').digest())
    const lines = bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []
    expect(lines.length).toBeGreaterThan(100_000)
    const raw = [
      `${people}${mixed}--b\r\n\r\nSee this.\r\n--b`,
      'Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n',
      ...lines,
      '--b\r\nContent-Type: text/csv\r\n\r\none,two\r\n--b--\r\n',
    ]
    const parsed = await parse(raw.join('\r\n'))
    expect(parsed).toMatchObject({
      events: [
        { text: 'See this.', files: [{ contentType: 'application/pdf' }, { contentType: 'text/csv' }] },
      ],
    })
    const [event] = parsed.kind === 'events' ? parsed.events : []
    const file = event?.kind === 'inbound' ? event.files?.[0] : undefined
    expect(Buffer.compare(Buffer.from(file?.bytes ?? []), bytes)).toBe(0)
  })

  it('is the only thing whose lines are joined, and only where there are too many', () => {
    const letters = 'A'.repeat(76)
    const few = Buffer.from(`a\r\n${letters}\r\n${letters}\r\nb`)
    expect(withinBounds(few)).toBe(few)
    const many = Buffer.from(`--b\n\n${`${letters}\r\n`.repeat(60_000)}QQ==\n--b--\nTwo words\nmore`)
    expect(Buffer.from(withinBounds(many) ?? []).toString()).toBe(
      `--b\n\n${letters.repeat(60_000)}\r\nQQ==\n--b--\nTwo words\nmore`,
    )
  })
})

describe('HTML', () => {
  it.each([
    ['blocks in an empty line that only grows', ' <p>'.repeat(125_000), ''],
    ['blocks in a line of marks', '> <div>'.repeat(70_000), '>'],
  ])('%s: is read in one go', (_what, html, start) => {
    expect(htmlToText(html).slice(0, 1)).toBe(start)
  })

  it('keeps one line for blocks within blocks', () => {
    expect(htmlToText('<div><div><p>one</p></div></div><div>two<br>three</div>')).toBe('one\n\ntwo\nthree')
    expect(htmlToText('<blockquote><p>theirs</p></blockquote><p>mine</p>')).toBe('> theirs\n>\n>\nmine')
  })
})
