/** The pure halves of e-mail: what is sent, what an install file may say, whose webhooks are believed. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { OutgoingFile } from '../../src/domain/outgoing.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { toHtml } from '../../src/providers/smtp/html-alternative.ts'
import { smtp, toRequest } from '../../src/providers/smtp/smtp.ts'

const webhookSecret = 'webhook-secret-of-a-test'
const given = { host: 'mail.clinic.example', port: '587', security: 'starttls' as const, webhookSecret }
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'email' },
  ...{ from: 'hello@clinic.example' as Address, to: 'ada@home.example' as Address },
  content: { kind: 'text', text: 'See you.', subject: 'Your visit' },
  callbackUrl: 'https://qasid.example/webhooks/a/mail?attempt=r1_1',
}
const bytes = Buffer.from('%PDF-1.4 sample')
const file: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'report.pdf', size: bytes.length },
  url: 'https://qasid.example/media/a-token',
  read: async () => bytes,
}

describe('toRequest', () => {
  it('names the message by the attempt, and says that a program wrote it', () => {
    const request = toRequest(message, given)
    expect(request?.messageId).toBe('r1_1@clinic.example')
    expect(request?.mail.options).toMatchObject({
      messageId: '<r1_1@clinic.example>',
      from: { name: '', address: 'hello@clinic.example' },
      to: { name: '', address: 'ada@home.example' },
      envelope: { from: 'hello@clinic.example', to: 'ada@home.example' },
      ...{ subject: 'Your visit', text: 'See you.', headers: { 'Auto-Submitted': 'auto-generated' } },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
  })

  it('asks for bounces without what the patient was to read', () => {
    expect(toRequest(message, given)?.mail.dsn).toEqual({
      ...{ id: 'r1_1@clinic.example', return: 'headers', notify: ['failure', 'delay'] },
    })
  })

  it('lets bounces come to an address that names the attempt, where there is room for it', () => {
    const withBounces = { ...given, bounceDomain: 'bounces.clinic.example' }
    const fromOf = (attemptId: string) =>
      toRequest({ ...message, attemptId }, withBounces)?.mail.options.envelope?.from
    expect(fromOf('r1_1')).toBe('bounce+r1_1@bounces.clinic.example')
    expect(fromOf('a'.repeat(57))).toBe(`bounce+${'a'.repeat(57)}@bounces.clinic.example`)
    expect(fromOf('a'.repeat(58))).toBe('hello@clinic.example')
  })

  it('quotes what it answers, shows the name, signs where it has a key', () => {
    const dkim = { dkimDomain: 'clinic.example', dkimSelector: 'q1', dkimPrivateKey: 'pem' }
    const request = toRequest(
      { ...message, replyTo: 'abc@home.example' },
      { ...given, ...dkim, fromName: 'قاصد' },
    )
    expect(request?.mail.options).toMatchObject({
      ...{ inReplyTo: '<abc@home.example>', references: '<abc@home.example>', from: { name: 'قاصد' } },
    })
    expect(request?.mail.dkim).toEqual({
      ...{ domainName: 'clinic.example', keySelector: 'q1', privateKey: 'pem' },
    })
  })

  it('carries a file with its caption', () => {
    const content = { kind: 'file', file, caption: 'Your results' } as const
    expect(toRequest({ ...message, content }, given, bytes)?.mail.options).toMatchObject({
      text: 'Your results',
      attachments: [{ filename: 'report.pdf', contentType: 'application/pdf', content: bytes }],
    })
  })

  it('has no words for templates and reactions', () => {
    const template = { id: 'T', name: 't', language: 'en', values: [] }
    expect(toRequest({ ...message, content: { kind: 'template', template } }, given)).toBeUndefined()
    const reaction = { kind: 'reaction', emoji: '👍', toMessage: 'a' } as const
    expect(toRequest({ ...message, content: reaction }, given)).toBeUndefined()
  })

  it('writes the domain as mail servers do', () => {
    expect(toRequest({ ...message, from: 'hello@عيادة.example' as Address }, given)?.messageId).toBe(
      'r1_1@xn--mgber2b7e.example',
    )
  })
})

describe('a file', () => {
  const send = (changed: Partial<OutgoingFile>) =>
    smtp.send({ ...message, content: { kind: 'file', file: { ...file, ...changed } } }, given)

  it('that is too large is refused before the call, by what the EMR says or by what it is', async () => {
    const refused = { kind: 'rejected', reason: 'file-refused', code: 'too-large' }
    const unread = () => Promise.reject(new Error('it is not read'))
    expect(await send({ size: 10 * 1024 * 1024 + 1, read: unread })).toEqual(refused)
    expect(await send({ size: undefined, read: async () => new Uint8Array(10 * 1024 * 1024 + 1) })).toEqual(
      refused,
    )
  })

  it('is asked for no more of than mail takes', async () => {
    let asked: number | undefined
    const read = (most?: number) => {
      asked = most
      return Promise.reject(new Error('larger than that'))
    }
    expect(await send({ size: undefined, read })).toEqual({ kind: 'unreachable', code: 'file-unread' })
    expect(asked).toBe(10 * 1024 * 1024)
  })

  it('that cannot be read was surely not sent', async () => {
    const read = () => Promise.reject(new Error('the EMR is away'))
    expect(await send({ read })).toEqual({ kind: 'unreachable', code: 'file-unread' })
  })
})

describe('the HTML alternative', () => {
  it('lets each paragraph take its own direction', () => {
    expect(toHtml('مرحبا\nسارة\n\nSee you.')).toContain(
      '<p dir="auto">مرحبا<br>\nسارة</p>\n<p dir="auto">See you.</p>',
    )
  })

  it('escapes whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ' ', '/', '\n') }),
        (text) => {
          const words = toHtml(text).replace(
            /<(\/?(html|head|body|p|br)|!doctype html|meta charset="utf-8"|(body|p) dir="auto")>/g,
            '',
          )
          expect(words).not.toMatch(/[<>"']/)
          expect(words).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/)
        },
      ),
    )
  })
})

describe('credentials', () => {
  it.each<[string, object, boolean]>([
    ['a server and a secret', { host: 'mail.clinic.example', webhookSecret }, true],
    ['no encryption elsewhere', { host: 'mail.clinic.example', security: 'none', webhookSecret }, false],
    [
      'no encryption on a host that only sounds near',
      { host: 'localhost.evil.example', security: 'none', webhookSecret },
      false,
    ],
    ['no encryption on this computer', { host: '127.0.0.1', security: 'none', webhookSecret }, true],
    ['a user without a password', { ...given, user: 'clinic' }, false],
    ['half of a signing key', { ...given, dkimDomain: 'clinic.example' }, false],
    ['a short secret', { ...given, webhookSecret: 'too-short' }, false],
    ['a host that says who wrote', { ...given, authservId: 'mx.clinic.example' }, true],
    ['what is no host', { ...given, authservId: 'mx.clinic.example; dmarc=pass' }, false],
    ['what is no port', { ...given, port: 'smtp' }, false],
    ['a port beyond the last', { ...given, port: '65536' }, false],
  ])('%s', (_what, credentials, isFine) => {
    expect(smtp.credentials.safeParse(credentials).success).toBe(isFine)
  })

  it('are encrypted where nothing is said', () => {
    expect(smtp.credentials.parse({ host: 'mail.clinic.example', webhookSecret })).toMatchObject({
      ...{ port: '587', security: 'starttls' },
    })
  })
})

describe('verify', () => {
  const body = Buffer.from('From: a@home.example\r\n\r\nHi')
  const mac = createHmac('sha256', webhookSecret).update(body).digest('hex')
  const verify = (signature: string | undefined) =>
    smtp.verify(
      { method: 'POST', url: 'https://qasid.example/', headers: { 'x-qasid-signature': signature }, body },
      given,
    )

  it.each<[string, string | undefined, string]>([
    ['signed over the raw bytes', `sha256=${mac}`, 'valid'],
    ['unsigned', undefined, 'refused'],
    ['empty', '', 'refused'],
    ['without the algorithm', mac, 'refused'],
    ['cut short', `sha256=${mac.slice(0, -1)}`, 'refused'],
    ['by another secret', `sha256=${createHmac('sha256', 'another').update(body).digest('hex')}`, 'refused'],
  ])('%s', (_what, signature, kind) => {
    expect(verify(signature)).toMatchObject({ kind })
  })
})
