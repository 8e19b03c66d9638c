/**
 * One message handed to a mail server, over a connection of its own. Whatever happens is a value; what matters most of it
 * is whether the end of the message was on its way already, because until then no server may take it (RFC 5321, 3.8).
 */
import { Readable } from 'node:stream'
import DKIM, { type DKIMOptions } from 'nodemailer/lib/dkim'
import MailComposer, { type Options as MailOptions } from 'nodemailer/lib/mail-composer'
import Connection, { type DSNOptions, type Envelope, type SMTPError } from 'nodemailer/lib/smtp-connection'
import { second } from '../../domain/time.ts'
import { codeOf } from '../refusal.ts'

/** Below the queue's lock, so that a call never outlives its job. */
const timeoutFor = 9 * second
/** For the server to close its side; the call does not wait for it. */
const farewellFor = second

export interface MailServer {
  host: string
  port: number
  /** `tls` from the first byte, `starttls` before anything is said, `none` for this computer only. */
  security: 'tls' | 'starttls' | 'none'
  login?: { user: string; pass: string }
}

export interface Mail {
  options: MailOptions
  /** What the server is asked to tell us, where it can. */
  dsn: DSNOptions
  dkim?: DKIMOptions
}

/** `id`: the Message-ID that the server gave it in place of ours, without brackets. */
export type Submitted = { kind: 'taken'; id?: string } | Failure

export interface Failure {
  kind: 'failed'
  /** The command that was answered or waited for: `CONN`, `EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA` … */
  stage: string
  /** The connection's own word: `ECONNREFUSED`, `ETIMEDOUT`, `CERT_HAS_EXPIRED` … */
  code: string
  /** 400 to 599, where the server refused in words. */
  reply?: number
  /** Its enhanced status code, `5.1.1`. */
  status?: string
  /** The end of the message was on its way. */
  hasLeft: boolean
}

/**
 * A connection for every message: a kept one could break between two messages, and then a refused greeting and a lost
 * answer look the same. It costs three round trips and a handshake.
 */
export async function submit(server: MailServer, mail: Mail): Promise<Submitted> {
  let hasLeft = false
  try {
    const { envelope, bytes } = await compose(mail)
    const body = Readable.from(
      piecesOf(bytes, () => {
        hasLeft = true
      }),
    )
    const id = await converse<string | undefined>(server, (connection, settle) =>
      connection.send(envelope, body, (error, sent) => settle(error, sent?.serverMessageId)),
    )
    return { kind: 'taken', ...(id && { id: id.replace(/^<|>$/g, '') }) }
  } catch (error) {
    return failureOf(error, hasLeft)
  }
}

async function compose({ options, dsn, dkim }: Mail): Promise<{ envelope: Envelope; bytes: Buffer }> {
  const composed = new MailComposer(options).compile()
  if (dkim) composed.processFunc((unsigned) => new DKIM(dkim).sign(unsigned))
  const bytes = await composed.build()
  const { from, to } = composed.getEnvelope()
  // The size, so that a server may refuse before it has all of it.
  return { envelope: { from, to, dsn, size: bytes.length }, bytes }
}

const pieceOf = 16 * 1024

/** Asked for one after the other, as the connection takes them; the dot that ends the message follows the last. */
function* piecesOf(bytes: Buffer, onLast: () => void): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceOf) {
    if (at + pieceOf >= bytes.length) onLast()
    yield bytes.subarray(at, at + pieceOf)
  }
}

/** Connects, encrypts and logs in, and says goodbye. */
export async function greet(server: MailServer): Promise<Submitted> {
  try {
    await converse<void>(server, (_connection, settle) => settle(null))
    return { kind: 'taken' }
  } catch (error) {
    return failureOf(error, false)
  }
}

type Settle<T> = (error: Error | null, result?: T) => void

async function converse<T>(
  server: MailServer,
  say: (connection: Connection, settle: Settle<T | undefined>) => void,
): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>()
  const connection = new Connection(optionsOf(server))
  const fail = (code: string) => reject(Object.assign(new Error('No answer'), { code }))
  // The connection's own timeouts begin anew with every step.
  const tooLate = setTimeout(() => fail('ETIMEDOUT'), timeoutFor)
  connection.on('error', reject)
  // A server that says why it closes is heard only after its end.
  connection.once('end', () => setImmediate(() => fail('ECONNECTION')))
  connection.connect((refused) => {
    if (refused) return reject(refused)
    const settle: Settle<T | undefined> = (error, result) => (error ? reject(error) : resolve(result))
    const { login } = server
    if (!login) return say(connection, settle)
    connection.login({ credentials: login }, (denied) => (denied ? reject(denied) : say(connection, settle)))
  })
  try {
    const result = await promise
    connection.quit()
    return result
  } finally {
    clearTimeout(tooLate)
    connection.close()
  }
}

function optionsOf({ host, port, security }: MailServer): Connection.Options {
  return {
    ...{ host, port },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutFor,
    greetingTimeout: timeoutFor,
    dnsTimeout: timeoutFor,
    socketTimeout: timeoutFor,
    socketCloseTimeout: farewellFor,
  }
}

function failureOf(error: unknown, hasLeft: boolean): Failure {
  const { code, originalCode, command, response, responseCode } = error as Partial<SMTPError>
  const reply = responseCode && responseCode >= 400 && responseCode < 600 ? responseCode : undefined
  const status = reply && statusIn(response ?? '', reply)
  return {
    kind: 'failed',
    stage: command?.split(' ')[0] ?? 'CONN',
    code: codeOf(originalCode) ?? codeOf(code) ?? 'no-code',
    ...(reply && { reply }),
    ...(status && { status }),
    hasLeft,
  }
}

/** Of the same class as the reply: a version or an address in the sentence is none. */
function statusIn(response: string, reply: number): string | undefined {
  const [status] = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)/.exec(response) ?? []
  return status?.startsWith(String(reply).slice(0, 1)) ? status : undefined
}
