/** AWS: what the SDK is asked, how its answers and exceptions are read, and that it may be missing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { OutgoingContent, OutgoingFile } from '../../src/domain/outgoing.ts'
import { type AwsCredentials, aws, createAws, toOutcome, toRequest } from '../../src/providers/aws/aws.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'

const given: AwsCredentials = {
  ...{ region: 'eu-central-1', accessKeyId: 'KEY', secretAccessKey: 'the-secret' },
  ...{ configurationSet: 'clinic', topicArn: 'arn:aws:sns:eu-central-1:000000000001:clinic' },
}
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  ...{ content: { kind: 'text', text: 'غدًا 👍\n' }, callbackUrl: 'https://qasid.example/w?attempt=r1_1' },
}
const file: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'report.pdf' },
  ...{ url: 'https://qasid.example/media/t', read: async () => new Uint8Array() },
}

describe('credentials', () => {
  it.each<[object, boolean]>([
    [{}, true],
    [{ accessKeyId: undefined, secretAccessKey: undefined }, true],
    [{ secretAccessKey: undefined }, false],
    [{ accessKeyId: undefined }, false],
    [{ region: 'Frankfurt' }, false],
    [{ region: 'us-gov-west-1' }, true],
    [{ configurationSet: undefined }, false],
    [{ topicArn: '' }, false],
    [{ more: 'x' }, false],
  ])('%j: %s', (differs, isRight) => {
    expect(aws.credentials.safeParse({ ...given, ...differs }).success).toBe(isRight)
  })
})

describe('toRequest', () => {
  const request = {
    ...{ DestinationPhoneNumber: '+971501234567', OriginationIdentity: '+15550100001' },
    ...{ MessageBody: 'غدًا 👍\n', MessageType: 'TRANSACTIONAL', ConfigurationSetName: 'clinic' },
    ...{ Context: { attemptId: 'r1_1' }, TimeToLive: 86_400 },
  }
  it('names the attempt in the context, and a time to live', () => {
    expect(toRequest(message, given)).toEqual(request)
  })

  it('sends from the identity that is set', () => {
    const named = toRequest(message, { ...given, originationIdentity: 'pool-1' })
    expect(named).toEqual({ ...request, OriginationIdentity: 'pool-1' })
  })

  it('names the DLT registration to India, and nowhere else', () => {
    const registered = { ...given, entityId: '1001', templateId: '1002' }
    expect(toRequest(message, registered)).toEqual(request)
    const to = '+919876543210' as Address
    expect(toRequest({ ...message, to }, registered)).toMatchObject({
      DestinationCountryParameters: { IN_ENTITY_ID: '1001', IN_TEMPLATE_ID: '1002' },
    })
    expect(toRequest({ ...message, to }, given)).not.toHaveProperty('DestinationCountryParameters')
  })

  it.each<OutgoingContent>([
    { kind: 'file', file },
    { kind: 'template', template: { id: 't', name: 't', language: 'en', values: [] } },
    { kind: 'reaction', emoji: '👍', toMessage: 'm1' },
  ])('is nothing for what it does not carry', (content) => {
    expect(toRequest({ ...message, content }, given)).toBeUndefined()
  })
})

describe('toOutcome', () => {
  const failed = (error: unknown, mayHaveLeft = true) => toOutcome({ kind: 'failed', error, mayHaveLeft })
  const rejected = (reason: string) => ({ kind: 'rejected', reason })

  it('takes an answer with an id, and calls one without it unknown', () => {
    const accepted = { kind: 'accepted', providerId: 'm1' }
    expect(toOutcome({ kind: 'answer', body: { MessageId: 'm1' } })).toEqual(accepted)
    expect(toOutcome({ kind: 'answer', body: {} })).toEqual({ kind: 'unknown', because: 'no message id' })
  })

  it.each<[string, string, object]>([
    ['ThrottlingException', '', { kind: 'throttled', waitFor: 1_000 }],
    ['InternalServerException', '', { kind: 'unknown', because: 'InternalServerException' }],
    ['ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', { kind: 'opted-out' }],
    ['ConflictException', 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED', rejected('recipient-not-allowed')],
    ['ConflictException', 'NO_ORIGINATION_IDENTITIES_FOUND', { kind: 'misconfigured' }],
    ['ConflictException', 'RESOURCE_NOT_ACTIVE', { kind: 'misconfigured' }],
    ['ConflictException', 'MESSAGE_TYPE_MISMATCH', { kind: 'misconfigured' }],
    ['ConflictException', 'NUMBER_CAPABILITIES_MISMATCH', { kind: 'misconfigured' }],
    ['ConflictException', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', rejected('policy-refused')],
    [
      ...(['ConflictException', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'] as const),
      rejected('policy-refused'),
    ],
    ['ConflictException', 'A_REASON_OF_TOMORROW', { kind: 'misconfigured', code: 'A_REASON_OF_TOMORROW' }],
    ['ResourceNotFoundException', '', { kind: 'misconfigured' }],
    ['ValidationException', '', rejected('rejected')],
    ['ValidationException', 'INVALID_PARAMETER', { kind: 'misconfigured' }],
    ['ValidationException', 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', rejected('recipient-not-allowed')],
    ['ValidationException', 'COUNTRY_NOT_ENABLED', rejected('recipient-not-allowed')],
    ['ValidationException', 'INTERNATIONAL_SENDING_NOT_SUPPORTED', rejected('recipient-not-allowed')],
    ['ValidationException', 'DESTINATION_COUNTRY_BLOCKED', rejected('policy-refused')],
    ['ValidationException', 'SENDER_ID_NOT_REGISTERED', { kind: 'misconfigured' }],
    ['ValidationException', 'SENDER_ID_REQUIRES_REGISTRATION', { kind: 'misconfigured' }],
    ['ValidationException', 'SENDER_ID_NOT_SUPPORTED', rejected('recipient-not-allowed')],
    ['ValidationException', 'PRICE_OVER_THRESHOLD', rejected('recipient-not-allowed')],
    ['ValidationException', 'MAXIMUM_SIZE_EXCEEDED', rejected('content-refused')],
    ['ServiceQuotaExceededException', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', { kind: 'misconfigured' }],
    [
      'ServiceQuotaExceededException',
      'DAILY_NOTIFY_TIER_MESSAGE_LIMIT',
      { kind: 'throttled', waitFor: 3_600_000 },
    ],
    ['AccessDeniedException', '', { kind: 'misconfigured' }],
    ['AccessDeniedException', 'ACCOUNT_DISABLED', { kind: 'misconfigured' }],
    ['AccessDeniedException', 'INSUFFICIENT_ACCOUNT_REPUTATION', { kind: 'misconfigured' }],
    ['UnrecognizedClientException', '', { kind: 'misconfigured' }],
    ['InvalidSignatureException', '', { kind: 'misconfigured' }],
    ['ExpiredTokenException', '', { kind: 'misconfigured' }],
    ['CredentialsProviderError', '', { kind: 'misconfigured' }],
  ])('%s %s', (name, Reason, outcome) => {
    const error = {
      name,
      ...(Reason && { Reason }),
      message: 'to +971501234567',
      $metadata: { httpStatusCode: 400 },
    }
    const code = Reason || name
    const wanted = 'kind' in outcome && /^(rejected|misconfigured|opted-out)$/.test(`${outcome.kind}`)
    expect(failed(error)).toMatchObject({ ...outcome, ...(wanted && { code }) })
  })

  it.each([
    ['DestinationPhoneNumber', 'INVALID_PARAMETER', rejected('invalid-recipient')],
    ['DestinationPhoneNumber', undefined, rejected('invalid-recipient')],
    ['DestinationPhoneNumber', 'COUNTRY_NOT_ENABLED', rejected('recipient-not-allowed')],
    ['MessageBody', 'INVALID_PARAMETER', rejected('content-refused')],
    ['OriginationIdentity', 'INVALID_PARAMETER', { kind: 'misconfigured' }],
    ['constructor', 'INVALID_PARAMETER', { kind: 'misconfigured' }],
  ])('a fault of the field %s, %s', (Name, Reason, outcome) => {
    const error = { name: 'ValidationException', Reason, Fields: [{ Name, Message: 'no' }] }
    expect(failed(error)).toMatchObject(outcome)
  })

  it.each<[unknown, Outcome]>([
    [
      { name: 'Error', code: 'ECONNRESET' },
      { kind: 'unknown', because: 'Error' },
    ],
    [{ name: 'AbortError' }, { kind: 'unknown', because: 'AbortError' }],
    [{ name: 'TimeoutError' }, { kind: 'unknown', because: 'TimeoutError' }],
    [
      { name: 'SyntaxError', $metadata: { httpStatusCode: 200 } },
      { kind: 'unknown', because: 'SyntaxError' },
    ],
    [
      { name: 'Oddity', $metadata: { httpStatusCode: 503 } },
      { kind: 'unknown', because: 'Oddity' },
    ],
    // exceptions of tomorrow
    [
      { name: 'Oddity', $metadata: { httpStatusCode: 400 } },
      { kind: 'rejected', reason: 'rejected', code: 'Oddity' },
    ],
    [
      { name: 'Oddity', $metadata: { httpStatusCode: 403 } },
      { kind: 'misconfigured', code: 'Oddity' },
    ],
    [
      { name: 'Oddity', $metadata: { httpStatusCode: 429 } },
      { kind: 'throttled', waitFor: 1_000 },
    ],
    // what is no code might hold anything
    [{ name: 'to +971501234567' }, { kind: 'unknown', because: 'no-code' }],
    ['+971501234567', { kind: 'unknown', because: 'no-code' }],
    [undefined, { kind: 'unknown', because: 'no-code' }],
  ])('%j', (error, outcome) => {
    expect(failed(error)).toEqual(outcome)
  })

  it('is one of the closed list for whatever is thrown', () => {
    const kinds = ['throttled', 'unreachable', 'unknown', 'rejected', 'opted-out', 'misconfigured']
    const exception = fc.record({ name: fc.anything(), Reason: fc.anything(), Fields: fc.anything() })
    fc.assert(
      fc.property(fc.oneof(fc.anything(), exception), (error) => {
        expect(kinds).toContain(failed(error).kind)
      }),
    )
  })
})

describe('without the SDK', () => {
  const without = createAws(() => Promise.reject(new Error('Cannot find package')))

  it('says that it is missing, and sends nothing', async () => {
    const missing = { kind: 'misconfigured', code: 'sdk-missing' }
    expect(await without.send(message, given)).toEqual(missing)
    expect(await without.checkHealth({ channel: 'sms', address: message.from }, given)).toEqual(missing)
  })
})
