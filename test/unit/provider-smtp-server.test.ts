/** A mail server that dies, falls silent or talks nonsense at each step of a hand-over; one with TLS; one that checks a signature. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import { minute } from '../../src/domain/time.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { type SmtpCredentials, smtp } from '../../src/providers/smtp/smtp.ts'
import { selfSigned } from './self-signed.ts'

const given = {
  ...{ host: '127.0.0.1', security: 'none' as const, webhookSecret: 'webhook-secret-of-a-test' },
  ...{ user: 'clinic', password: 'password-of-a-test' },
}
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'email' },
  ...{ from: 'hello@clinic.example' as Address, to: 'ada@home.example' as Address },
  content: { kind: 'text', text: 'See you.', subject: 'Your visit' },
  callbackUrl: 'https://qasid.example/webhooks/a/mail?attempt=r1_1',
}
const accepted = { kind: 'accepted', providerId: 'r1_1@clinic.example', state: 'relay-accepted' }

const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'body'] as const
type Step = (typeof steps)[number]

const usual: Record<Step, string> = {
  greeting: '220 mail.clinic.example ESMTP',
  EHLO: '250-mail.clinic.example\r\n250 AUTH PLAIN',
  AUTH: '235 2.7.0 Authentication successful',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 End data with <CR><LF>.<CR><LF>',
  body: '250 2.0.0 Ok: queued as 4F',
}

const started: (Server | SMTPServer)[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()))
})

/** At the one step it does what it is told; `asked` resolves then. */
async function startScripted(at: Step, act: (socket: Socket) => void) {
  const asked = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    let inBody = false
    let heard = ''
    const reach = (step: Step) => {
      if (step !== at) return void socket.write(`${usual[step]}\r\n`)
      act(socket)
      asked.resolve()
    }
    socket.on('error', () => {
      // We left first.
    })
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      const end = inBody ? '\r\n.\r\n' : '\r\n'
      if (!heard.includes(end)) return
      const line = heard.slice(0, heard.indexOf(end))
      heard = heard.slice(line.length + end.length)
      const step = inBody ? 'body' : steps.find((one) => line.startsWith(one))
      inBody = step === 'DATA'
      if (step) reach(step)
    })
    reach('greeting')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  started.push(server)
  return { port: String((server.address() as AddressInfo).port), asked: asked.promise }
}

const closing = (socket: Socket) => void socket.destroy()
const saying = (words: string) => (socket: Socket) => void socket.write(words)
const silent = () => {}

async function sentTo(at: Step, act: (socket: Socket) => void, wish: OutgoingMessage = message) {
  const { port } = await startScripted(at, act)
  return smtp.send(wish, { ...given, port })
}

describe('a mail server', () => {
  it('that does all steps has it', async () => {
    expect(await sentTo('body', saying(`${usual.body}\r\n`))).toEqual(accepted)
  })

  it('that gives its own Message-ID is believed, because answers will quote it', async () => {
    const reply = '250 2.0.0 OK <AB1@CD2.eurprd01.prod.outlook.com> [Hostname=CD2.eurprd01.prod.outlook.com]'
    const providerId = 'AB1@CD2.eurprd01.prod.outlook.com'
    expect(await sentTo('body', saying(`${reply}\r\n`))).toEqual({ ...accepted, providerId })
  })

  it.each(steps.filter((step) => step !== 'body'))('that dies at %s surely has nothing', async (step) => {
    expect(await sentTo(step, closing)).toMatchObject({ kind: 'unreachable' })
  })

  it('that dies after the last dot may have it', async () => {
    expect(await sentTo('body', closing)).toMatchObject({ kind: 'unknown' })
  })

  it('that dies while the message still comes surely has nothing: there was no last dot', async () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 'sample')
    const file = {
      kind: 'document',
      contentType: 'application/pdf',
      name: 'a.pdf',
      url: 'https://x.example/',
    } as const
    const content = { kind: 'file', file: { ...file, read: async () => bytes } } as const
    const cut = (socket: Socket) => {
      socket.removeAllListeners('data')
      socket.write(`${usual.DATA}\r\n`)
      socket.once('data', () => socket.destroy())
    }
    expect(await sentTo('DATA', cut, { ...message, content })).toMatchObject({ kind: 'unreachable' })
  })

  it.each<[string, Step, string, object]>([
    ['half an answer to the message', 'body', '25', { kind: 'unknown' }],
    ['nonsense after the message', 'body', 'Hello?\r\n', { kind: 'unknown' }],
    [
      'a refusal of the message',
      'body',
      '554 5.7.1 Spam\r\n',
      { kind: 'rejected', reason: 'policy-refused' },
    ],
    ['not now, after the message', 'body', '451 4.3.0 Try later\r\n', { kind: 'unreachable', code: '4.3.0' }],
    ['goodbye, after the message', 'body', '421 4.3.2 Closing\r\n', { kind: 'throttled' }],
    ['a web page', 'greeting', 'HTTP/1.1 400 Bad Request\r\n\r\n', { kind: 'misconfigured' }],
    ['go away', 'greeting', '554 5.7.1 Blocked\r\n', { kind: 'misconfigured', code: '5.7.1' }],
    ['too many connections', 'greeting', '421 4.7.0 Too many\r\n', { kind: 'throttled' }],
    ['a wrong login', 'AUTH', '535 5.7.8 No\r\n', { kind: 'misconfigured', code: '5.7.8' }],
    ['a wrong login, in one word', 'AUTH', '535 No\r\n', { kind: 'misconfigured', code: '535' }],
    ['not your address', 'MAIL', '553 5.7.1 No\r\n', { kind: 'misconfigured', code: '5.7.1' }],
    ['no such person', 'RCPT', '550 5.1.1 No\r\n', { kind: 'rejected', reason: 'invalid-recipient' }],
    ['greylisted', 'RCPT', '450 4.7.1 Greylisted, see 5.1.1.9\r\n', { kind: 'unreachable', code: '4.7.1' }],
    ['goodbye, to the recipient', 'RCPT', '421 4.7.0 Slow\r\n', { kind: 'throttled', waitFor: 10_000 }],
    ['a version for a status', 'RCPT', '550 No (v5.1.2.3)\r\n', { code: '550' }],
    ['a status of another class', 'RCPT', '550 4.2.1 No\r\n', { code: '550' }],
  ])('that says %s', async (_what, step, words, wanted) => {
    const act = words.endsWith('\n') ? saying(words) : (socket: Socket) => void socket.end(words)
    const outcome = await sentTo(step, act)
    expect(outcome).toMatchObject(wanted)
    expect(JSON.stringify(outcome)).not.toMatch(/See you|ada@|password/)
  })

  it.each<[Step, string]>([
    ...steps.filter((step) => step !== 'body').map((step): [Step, string] => [step, 'unreachable']),
    ['body', 'unknown'],
  ])('that falls silent at %s is given up before the job’s lock is over: %s', async (step, kind) => {
    const { port, asked } = await startScripted(step, silent)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const sent = smtp.send(message, { ...given, port })
      await asked
      await vi.advanceTimersByTimeAsync(minute / 2)
      expect(await sent).toEqual(
        kind === 'unknown' ? { kind, because: 'ETIMEDOUT' } : { kind, code: 'ETIMEDOUT' },
      )
    } finally {
      vi.useRealTimers()
    }
  })
})

async function startReal(options: SMTPServerOptions) {
  const mails: string[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disableReverseLookup: true, closeTimeout: 100 },
    onAuth: (_auth, _session, done) => done(null, { user: 'clinic' }),
    onData: async (stream, _session, done) => {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      mails.push(Buffer.concat(chunks).toString())
      done()
    },
    ...options,
  })
  // Clients that do not trust us break off.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  started.push(server)
  return { mails, port: String((server.server.address() as AddressInfo).port) }
}

describe('encryption', () => {
  const certificate = selfSigned()
  const trusting = async (story: () => Promise<void>) => {
    const before = tls.getCACertificates('default')
    tls.setDefaultCACertificates([...before, certificate.cert])
    await story().finally(() => tls.setDefaultCACertificates(before))
  }
  const secured = (security: 'tls' | 'starttls', port: string): SmtpCredentials => ({
    ...{ ...given, host: 'localhost', security, port },
  })

  it.each<['tls' | 'starttls']>([['tls'], ['starttls']])('by %s', async (security) => {
    const { port, mails } = await startReal({ secure: security === 'tls', ...certificate })
    const credentials = secured(security, port)
    const sender = { channel: 'email', address: message.from } as const
    expect(await smtp.send(message, credentials)).toMatchObject({ kind: 'misconfigured' })
    expect(await smtp.checkHealth(sender, credentials)).toMatchObject({ kind: 'misconfigured' })
    await trusting(async () => {
      expect(await smtp.send(message, credentials)).toEqual(accepted)
      expect(await smtp.checkHealth(sender, credentials)).toEqual({ kind: 'healthy' })
    })
    expect(mails).toHaveLength(1)
  })

  it('is not done without: a server that has none gets neither login nor message', async () => {
    const { port, mails } = await startReal({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    for (const security of ['tls', 'starttls'] as const)
      expect(await smtp.send(message, secured(security, port))).toMatchObject({ kind: 'misconfigured' })
    expect(mails).toEqual([])
  })
})

describe('a mail', () => {
  it('is signed where the clinic has a key', async () => {
    const { port, mails } = await startReal({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const dkim = {
      ...{ dkimDomain: 'clinic.example', dkimSelector: 'q1' },
      dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
    expect(await smtp.send(message, { ...given, port, ...dkim })).toEqual(accepted)
    expect(mails[0]).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256;[\s\S]*d=clinic\.example;[\s\S]*s=q1;/)
  })

  it('stays in its shape whatever name or subject it gets', async () => {
    const { port, mails } = await startReal({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    const subject = 'Visit\r\nBcc: all@home.example\r\n\r\nHello'
    const content = { kind: 'text', text: '.\r\n.\r\nQUIT', subject } as const
    const fromName = 'Clinic\r\nBcc: all@home.example'
    expect(await smtp.send({ ...message, content }, { ...given, port, fromName })).toEqual(accepted)
    expect(mails).toHaveLength(1)
    expect(mails[0]).not.toMatch(/^bcc:/im)
  })

  it('that is larger than the server says it takes does not even set out', async () => {
    const { port, mails } = await startReal({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      size: 100,
    })
    const refused = { kind: 'rejected', reason: 'file-refused', code: 'EMESSAGE' }
    expect(await smtp.send(message, { ...given, port })).toEqual(refused)
    expect(mails).toEqual([])
  })

  it('waits where the server closes with a word, also one that takes commands together', async () => {
    const closing = Object.assign(new Error('4.7.0 Too many messages'), { responseCode: 421 })
    const plain: SMTPServerOptions = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }
    const atSender = await startReal({ ...plain, onMailFrom: (_from, _session, done) => done(closing) })
    const atRecipient = await startReal({ ...plain, onRcptTo: (_to, _session, done) => done(closing) })
    for (const { port, mails } of [atSender, atRecipient]) {
      expect(await smtp.send(message, { ...given, port })).toEqual({ kind: 'throttled', waitFor: 10_000 })
      expect(mails).toEqual([])
    }
  })

  it('goes to a server that wants no login', async () => {
    const { port } = await startReal({ disabledCommands: ['STARTTLS', 'AUTH'] })
    const { user: _user, password: _password, ...anonymous } = given
    expect(await smtp.send(message, { ...anonymous, port })).toEqual(accepted)
    expect(await smtp.send(message, { ...given, port })).toMatchObject({ kind: 'misconfigured' })
  })
})
