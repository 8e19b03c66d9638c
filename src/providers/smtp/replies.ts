/** What a mail server's refusal means: by its enhanced status code, by its reply, or by how the connection failed. */
import { type Meaning, tableOf } from '../refusal.ts'
import type { Failure } from './submission.ts'

/** Enhanced status codes (RFC 3463) that are final, whole or by subject: of a recipient, a message, and in bounces. */
const statuses = tableOf([
  ['misconfigured', '5.1.7 5.1.8'], // our own address is refused
  ['throttled-for-long', '5.1.90 5.4.5'], // the account's messages of the day are used up
  ['invalid-recipient', '5.1'], // no such mailbox, domain, or spelling
  ['file-refused', '5.2.3 5.3.4'], // larger than the mailbox or the server takes
  ['recipient-unreachable', '5.2'], // the mailbox is switched off or full
  ['recipient-unreachable', '5.4'], // no way to its server, a loop, given up
  ['content-refused', '5.6'], // what is written cannot be converted or carried
  ['misconfigured', '5.7.8 5.7.9 5.7.11 5.7.57 5.7.60 5.7.139'], // the login, or what it may write as
  ['policy-refused', '5.7'], // spam, authentication of the domain, a rule of theirs
])

/** Replies without such a code, to the recipient. */
const recipientReplies = tableOf([
  ['misconfigured', '530 534 535 538'], // log in, or encrypt, first
  ['invalid-recipient', '501 550 551 553 556'], // no such mailbox, moved away, not a name, a domain without mail
  ['recipient-unreachable', '552'], // full
  ['policy-refused', '554'], // refused without a reason
  ['rejected', '500-599'], // the two servers do not understand each other
])

/** The same, to the message itself. */
const messageReplies = tableOf([
  ['policy-refused', '550 554'], // read, and taken for spam
  ['file-refused', '552'], // too large
])

/** Where we greet, log in and name ourselves, a refusal is of us: all that follows would be refused too. */
const ourselves = tableOf([
  ['throttled-for-long', '5.1.90 5.4.5'], // the account's messages of the day are used up
  ['file-refused', '552 5.3.4'], // announced as too large
])
const beforeRecipient = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL', 'API']

/** "Not now", of the server as a whole: all that we send through it must slow down. */
const paces = tableOf([
  ['throttled', '4.7'], // too fast, not trusted yet
  ['throttled', '4.3.2 4.4.5'], // busy, congested
  ['unreachable', '4.1 4.2 4.3 4.4 4.5 4.6'], // not taken for now
  ['throttled', '421 454'], // too many connections; at some the rate
  ['unreachable', '400-499'], // not taken for now
])

/** "Not now", of one message whose recipient was taken; what else it says is of this message. */
const pacesOfMessage = tableOf([
  ['throttled', '4.3.2 4.4.5'], // busy, congested
  ['throttled', '454'], // the rate, at some
])

/** No reply in words; what is not here is a connection that failed, and may stand the next time. */
export const meaningOfSilence = tableOf([
  ['misconfigured', 'ETLS EREQUIRETLS'], // no encryption where we insist on it
  ['misconfigured', 'EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_UNSUPPORTED_PROTOCOL'], // of another kind
  ['misconfigured', 'CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_UNTRUSTED CERT_REJECTED CERT_REVOKED'],
  ['misconfigured', 'DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN HOSTNAME_MISMATCH'],
  ['misconfigured', 'UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY'], // not of a known authority
  ['misconfigured', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID'],
  ['misconfigured', 'EAUTH ENOAUTH EOAUTH2'], // no way to log in that both know
  ['misconfigured', 'ECONFIG EPROXY EMAXLIMIT'],
  ['misconfigured', 'EPROTOCOL'], // whoever answers there is no mail server
  ['invalid-recipient', 'EENVELOPE'], // the address does not go into a command
  ['file-refused', 'EMESSAGE'], // larger than the server says that it takes
  ['content-refused', 'ESTREAM EFILEACCESS EURLACCESS EMAXRECIPIENTS'], // it cannot be put together
])

/** The meaning of an enhanced status code: by itself, else by its subject. */
export function meaningOfStatus(status: string): Meaning | undefined {
  return inTable(statuses, status)
}

/** The meaning of a refusal in words. */
export function meaningOfReply(refused: Failure): Meaning {
  const { stage, reply = 0, status = '' } = refused
  if (reply < 500) return meaningOfDelay(refused)
  const number = String(reply)
  if (beforeRecipient.includes(stage)) return ourselves(status) ?? ourselves(number) ?? 'misconfigured'
  // "Log in first" carries 5.7.0 or 5.7.1, like spam.
  if (recipientReplies(number) === 'misconfigured') return 'misconfigured'
  const byReply = (stage === 'DATA' && messageReplies(number)) || recipientReplies(number)
  return meaningOfStatus(status) ?? byReply ?? 'rejected'
}

/** One mailbox that is greylisted, full or busy must not slow down what goes to all others. */
function meaningOfDelay({ stage, reply = 0, status = '' }: Failure): Meaning {
  const number = String(reply)
  // With it the server closes the connection, whatever was asked.
  const isOfServer = number === '421' || beforeRecipient.includes(stage)
  if (isOfServer) return inTable(paces, status) ?? paces(number) ?? 'unreachable'
  if (stage === 'RCPT') return 'unreachable'
  return pacesOfMessage(status || number) ?? 'unreachable'
}

function inTable(table: ReturnType<typeof tableOf>, status: string): Meaning | undefined {
  return table(status) ?? table(status.replace(/\.\d+$/, ''))
}
