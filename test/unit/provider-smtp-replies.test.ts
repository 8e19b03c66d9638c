/** What a mail server's refusal means, row by row. */
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { toOutcome } from '../../src/providers/smtp/smtp.ts'
import type { Failure } from '../../src/providers/smtp/submission.ts'

const id = 'r1_1@clinic.example'

function outcomeOf(failure: Partial<Failure>): Outcome {
  return toOutcome({ kind: 'failed', stage: 'RCPT', code: 'EENVELOPE', hasLeft: false, ...failure }, id)
}

/** `550 5.1.1` or `550`. */
function refused(stage: string, reply: string): Outcome {
  const [number, status] = reply.split(' ')
  return outcomeOf({ stage, reply: Number(number), ...(status && { status }) })
}

const rejected = (reason: string) => ({ kind: 'rejected', reason })
const throttled = { kind: 'throttled', waitFor: 10_000 }
const forLong = { kind: 'throttled', waitFor: 3_600_000 }
const misconfigured = { kind: 'misconfigured' }
const unreachable = { kind: 'unreachable' }

describe('a message that is taken', () => {
  it('is with the relay, and nothing more is known', () => {
    expect(toOutcome({ kind: 'taken' }, id)).toEqual({
      ...{ kind: 'accepted', providerId: id, state: 'relay-accepted' },
    })
  })

  it('goes by the Message-ID of a server that gives its own, because answers will quote that one', () => {
    const given = '0100018b-0000@eu-west-1.amazonses.com'
    expect(toOutcome({ kind: 'taken', id: given }, id)).toMatchObject({ providerId: given })
  })
})

describe('a refusal of the recipient', () => {
  it.each<[string, object]>([
    ['550 5.1.0', rejected('invalid-recipient')],
    ['550 5.1.1', rejected('invalid-recipient')],
    ['550 5.1.2', rejected('invalid-recipient')],
    ['501 5.1.3', rejected('invalid-recipient')],
    ['551 5.1.6', rejected('invalid-recipient')],
    ['556 5.1.10', rejected('invalid-recipient')],
    ['553 5.1.7', misconfigured],
    ['553 5.1.8', misconfigured],
    ['550 5.1.90', forLong],
    ['550 5.4.5', forLong],
    ['550 5.2.1', rejected('recipient-unreachable')],
    ['552 5.2.2', rejected('recipient-unreachable')],
    ['552 5.2.3', rejected('file-refused')],
    ['552 5.3.4', rejected('file-refused')],
    ['550 5.4.1', rejected('recipient-unreachable')],
    ['554 5.4.6', rejected('recipient-unreachable')],
    ['550 5.4.7', rejected('recipient-unreachable')],
    ['501 5.5.4', rejected('invalid-recipient')],
    ['555 5.5.4', rejected('rejected')],
    ['554 5.6.0', rejected('content-refused')],
    ['550 5.7.1', rejected('policy-refused')],
    ['550 5.7.26', rejected('policy-refused')],
    ['530 5.7.0', misconfigured],
    ['530 5.7.57', misconfigured],
    ['535 5.7.8', misconfigured],
    ['550 5.7.60', misconfigured],
    ['550 5.7.139', misconfigured],
    ['421 4.7.0', throttled],
    ['421 4.4.2', unreachable],
    ['450 4.7.1', unreachable],
    ['451 4.7.500', unreachable],
    ['432 4.3.2', unreachable],
    ['451 4.4.5', unreachable],
    ['450 4.2.0', unreachable],
    ['451 4.2.0', unreachable],
    ['452 4.2.2', unreachable],
    ['451 4.3.0', unreachable],
    ['451 4.4.1', unreachable],
    ['452 4.5.3', unreachable],
    ['501', rejected('invalid-recipient')],
    ['550', rejected('invalid-recipient')],
    ['551', rejected('invalid-recipient')],
    ['553', rejected('invalid-recipient')],
    ['556', rejected('invalid-recipient')],
    ['552', rejected('recipient-unreachable')],
    ['554', rejected('policy-refused')],
    ['500', rejected('rejected')],
    ['503', rejected('rejected')],
    ['530', misconfigured],
    ['534', misconfigured],
    ['538', misconfigured],
    ['421', throttled],
    ['450', unreachable],
    ['452', unreachable],
    ['454', unreachable],
    ['451', unreachable],
    ['499', unreachable],
  ])('%s', (reply, wanted) => {
    const outcome = refused('RCPT', reply)
    expect(outcome).toMatchObject(wanted)
    if ('code' in outcome) expect(outcome.code).toBe(reply.split(' ').at(-1))
  })
})

describe('a refusal elsewhere', () => {
  it.each<[string, string, object]>([
    ['CONN', '554 5.7.1', misconfigured],
    ['CONN', '554', misconfigured],
    ['CONN', '421', throttled],
    ['EHLO', '550', misconfigured],
    ['STARTTLS', '502', misconfigured],
    ['STARTTLS', '454', throttled],
    ['AUTH', '535 5.7.8', misconfigured],
    ['AUTH', '534 5.7.9', misconfigured],
    ['AUTH', '454 4.7.0', throttled],
    ['MAIL', '553 5.7.1', misconfigured],
    ['MAIL', '550 5.1.1', misconfigured],
    ['MAIL', '530 5.7.0', misconfigured],
    ['MAIL', '550 5.4.5', forLong],
    ['MAIL', '552 5.3.4', rejected('file-refused')],
    ['MAIL', '552', rejected('file-refused')],
    ['MAIL', '450 4.7.1', throttled],
    ['MAIL', '452 4.7.1', throttled],
    ['MAIL', '432 4.3.2', throttled],
    ['MAIL', '451 4.4.5', throttled],
    ['MAIL', '450', unreachable],
    ['MAIL', '452', unreachable],
    ['MAIL', '452 4.3.1', unreachable],
    ['MAIL', '451 4.3.0', unreachable],
    ['DATA', '550 5.7.1', rejected('policy-refused')],
    ['DATA', '554 5.6.0', rejected('content-refused')],
    ['DATA', '550 5.1.1', rejected('invalid-recipient')],
    ['DATA', '550', rejected('policy-refused')],
    ['DATA', '554', rejected('policy-refused')],
    ['DATA', '552', rejected('file-refused')],
    ['DATA', '552 5.3.4', rejected('file-refused')],
    ['DATA', '451', unreachable],
    ['DATA', '452', unreachable],
    ['DATA', '451 4.7.1', unreachable],
    ['DATA', '421 4.7.0', throttled],
    ['DATA', '432 4.3.2', throttled],
    ['DATA', '454', throttled],
  ])('%s: %s', (stage, reply, wanted) => {
    expect(refused(stage, reply)).toMatchObject(wanted)
  })

  it('is one also when the message had left already', () => {
    expect(outcomeOf({ stage: 'DATA', reply: 451, status: '4.3.0', hasLeft: true })).toEqual({
      ...{ kind: 'unreachable', code: '4.3.0' },
    })
  })
})

describe('no reply', () => {
  const codes: [string, object][] = [
    ...[
      'ESOCKET',
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'EDNS',
      'ENOTFOUND',
      'ECONNECTION',
      'EABORT',
    ].map((code): [string, object] => [code, unreachable]),
    ...['ETLS', 'EREQUIRETLS', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'CERT_HAS_EXPIRED'].map(
      (code): [string, object] => [code, misconfigured],
    ),
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'].map(
      (code): [string, object] => [code, misconfigured],
    ),
    ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'].map(
      (code): [string, object] => [code, misconfigured],
    ),
    ...['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EPROXY', 'EMAXLIMIT', 'EPROTOCOL'].map(
      (code): [string, object] => [code, misconfigured],
    ),
    ['EENVELOPE', rejected('invalid-recipient')],
    ['EMESSAGE', rejected('file-refused')],
    ...['ESTREAM', 'EFILEACCESS', 'EURLACCESS', 'EMAXRECIPIENTS'].map((code): [string, object] => [
      code,
      rejected('content-refused'),
    ]),
  ]

  it.each(codes)('%s, before the message left', (code, wanted) => {
    expect(outcomeOf({ stage: 'CONN', code })).toEqual({ ...wanted, code })
  })

  it.each(codes)('%s, after it left: nobody knows', (code) => {
    expect(outcomeOf({ stage: 'CONN', code, hasLeft: true })).toEqual({ kind: 'unknown', because: code })
  })
})
