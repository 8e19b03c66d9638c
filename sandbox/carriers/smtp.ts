/**
 * A clinic's mail server on the wire: SMTP with a login on a port of its own. It refuses as Postfix does, and pipes bounces
 * and what patients write to the clinic's webhook as raw messages (`smtp-mail.ts`), signed with a secret of the clinic's.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { carriedFile } from '../phones/file-shelf.ts'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { SendRequest } from '../phones/send-request.ts'
import type { Account, CarrierDesk, Signing, Told, Wire, WireCall } from '../phones/wire.ts'
import { toBounce, toLetter } from './smtp-mail.ts'

/** What the carrier's words are here. */
const replies: Record<string, [reply: number, sentence: string]> = {
  'invalid-recipient': [550, '5.1.1 Recipient address rejected: User unknown'],
  'recipient-unreachable': [550, '5.2.1 The mailbox is disabled'],
  'country-not-allowed': [554, '5.7.1 Recipient address rejected: Access denied'],
  'opted-out': [554, '5.7.1 The recipient blocks this sender'],
  'unknown-sender': [553, '5.7.1 Sender address rejected: not owned by user'],
  'rate-limited': [421, '4.7.0 Too many messages, slow down'],
  'try-later': [451, '4.2.0 The mailbox is busy, try again later'],
  fault: [451, '4.3.0 Local error in processing'],
}

/** As most servers have it. */
const largest = 25 * 1024 * 1024

/** `account`: `user`, `password`, `webhookSecret`, and the `port` where it is not any free one. */
export function createSmtpWire(): Wire {
  let open: CarrierDesk | undefined
  // The ids here are the senders' own, and the carrier asks for one while it takes a message.
  let given: string | undefined
  const take = (request: SendRequest, id: string) => {
    given = id
    try {
      return open?.take(request)
    } finally {
      given = undefined
    }
  }
  return {
    id: 'smtp',
    newId: () => given ?? `${randomUUID()}@phones.example`,
    listen: (desk, port) => {
      open = desk
      return listen(desk, port, take)
    },
    statusCall: (message, told, account, signing) => statusCall(message, told, account, signing),
    inboundCall: (message, sender, account, signing) =>
      signed(sender.inboundUrl, letterOf(message, open), account, signing),
  }
}

/** Of a late answer, in milliseconds. */
const lateBy = 200

type Take = (request: SendRequest, id: string) => { report(): Promise<void> } | undefined

async function listen(desk: CarrierDesk, port: number, take: Take) {
  const server = new SMTPServer({
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, hideDSN: false, size: largest },
    // Ours stand in the sentences.
    hideENHANCEDSTATUSCODES: true,
    ...{ disableReverseLookup: true, logger: false, closeTimeout: 100 },
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === desk.account.user && password === desk.account.password
      if (!isRight) return done(refusal(535, '5.7.8 Authentication credentials invalid'))
      done(null, { user: username })
    },
    onMailFrom: ({ address }, _session, done) =>
      done(isOurs(address, desk) ? null : refusalFor('unknown-sender')),
    onRcptTo: ({ address }, session, done) => {
      if (desk.fault('cut')) return cut(server, session)
      const refused = desk.judge({ channel: 'email', from: writerOf(session, desk), to: address, text: '' })
      done(refused ? refusalFor(refused.code) : null)
    },
    onData: onData(desk, take),
  })
  server.on('error', () => {
    // A client that went away; the server itself goes on.
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function cut({ connections }: SMTPServer, session: SMTPServerSession): void {
  for (const connection of connections) if (connection.id === session.id) connection.close()
}

function onData(desk: CarrierDesk, take: Take): NonNullable<SMTPServerOptions['onData']> {
  return async (stream, session, done) => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      if (stream.sizeExceeded) return done(refusal(552, '5.3.4 Message size exceeds fixed limit'))
      const mail = await PostalMime.parse(Buffer.concat(chunks))
      const id = mail.messageId?.replace(/^<|>$/g, '')
      if (!id || !mail.date || mail.from?.address !== writerOf(session, desk))
        return done(refusal(550, '5.7.1 The header lacks Message-ID, Date or a From of yours'))
      const fault = desk.fault('delay', 'timeout-after-accept', 'early')
      if (fault === 'delay') await wait(lateBy)
      const taken = take(toRequest(mail, id, session, desk), id)
      if (fault === 'early') await taken?.report()
      if (fault !== 'timeout-after-accept') done(null, '2.0.0 Ok: queued')
      if (fault !== 'early') void taken?.report()
    } catch {
      done(refusalFor('fault'))
    }
  }
}

function toRequest(mail: Email, id: string, session: SMTPServerSession, desk: CarrierDesk): SendRequest {
  const [attachment] = mail.attachments
  const shelved =
    attachment && typeof attachment.content !== 'string'
      ? desk.files.put({
          contentType: attachment.mimeType,
          ...(attachment.filename && { name: attachment.filename }),
          bytes: new Uint8Array(attachment.content),
        })
      : undefined
  const file = shelved && carriedFile(desk.files, shelved)
  const replyTo = mail.inReplyTo?.replace(/^<|>$/g, '')
  return {
    channel: 'email',
    from: writerOf(session, desk),
    to: session.envelope.rcptTo[0]?.address ?? '',
    // The last line end belongs to the form.
    text: mail.text?.replace(/\r\n/g, '\n').replace(/\n$/, '') ?? '',
    ...(mail.subject && { subject: mail.subject }),
    ...(file && { file }),
    ...(replyTo && { replyTo }),
    correlation: id.split('@')[0],
  }
}

/** The clinic's mailbox, or the address for bounces of one message. */
function isOurs(address: string, { senders }: CarrierDesk): boolean {
  return address.startsWith('bounce+') || senders.some((sender) => sender.address === address)
}

function writerOf({ envelope }: SMTPServerSession, { senders }: CarrierDesk): string {
  const from = envelope.mailFrom ? envelope.mailFrom.address : ''
  return senders.find(({ address }) => address === from)?.address ?? senders[0]?.address ?? ''
}

function refusalFor(word: string): Error {
  const [reply, sentence] = replies[word] ?? [554, '5.5.0 Refused']
  return refusal(reply, sentence)
}

function refusal(responseCode: number, sentence: string): Error {
  return Object.assign(new Error(sentence), { responseCode })
}

/** Only what failed comes back. */
function statusCall(
  message: ToPatient,
  told: Told,
  account: Account,
  signing: Signing,
): WireCall | undefined {
  if (told.status !== 'undelivered' && told.status !== 'failed') return undefined
  return signed(message.callbackUrl, toBounce(message, told), account, signing)
}

function letterOf(message: ToClinic, desk: CarrierDesk | undefined): string {
  const [answered] = message.inReplyTo ? (desk?.find({ id: message.inReplyTo }) ?? []) : []
  const file = message.file && desk?.files.get(message.file.id)
  return toLetter(message, { answered, file })
}

function signed(url: string, body: string, { webhookSecret = '' }: Account, signing: Signing): WireCall {
  const secret = signing === 'wrong' ? `not ${webhookSecret}` : webhookSecret
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return {
    url,
    headers: {
      'content-type': 'message/rfc822',
      ...(signing !== 'none' && { 'x-qasid-signature': signature }),
    },
    body,
  }
}
