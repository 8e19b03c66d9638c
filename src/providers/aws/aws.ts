/**
 * AWS End User Messaging SMS (v2), with its events and two-way messages over SNS.
 *
 * The SDK is an optional package that is loaded with the first call; whoever sends no SMS this way need not install it:
 * `npm install @aws-sdk/client-pinpoint-sms-voice-v2`. There is no question about a single message, so there is no look-up.
 */
import type { SendTextMessageCommandInput } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { z } from 'zod'
import type { Outcome } from '../../domain/outcome.ts'
import type { Carries } from '../../domain/outgoing.ts'
import { day, type Instant, parseInstant, second } from '../../domain/time.ts'
import { call, within } from '../call.ts'
import { watchDeparture } from '../departure.ts'
import type {
  DictatedAnswer,
  Health,
  OutgoingMessage,
  Parsed,
  Provider,
  RawWebhook,
  Verdict,
} from '../provider.ts'
import { type Meaning, meaningOfStatus, tableOf, toRefusal } from '../refusal.ts'
import { ignored, isSame, malformed } from '../webhook.ts'
import { type Certificates, createCertificates } from './certificates.ts'
import { readException } from './exception.ts'
import { parseNotification } from './text-events.ts'
import { isCertificateAddress, isFrom, isSigned, readEnvelope } from './topic-envelope.ts'

// Limits and endpoints

/** Below the queue's lock, so that a call never outlives its job. */
const timeoutFor = 10 * second
/** Seconds. Later than this a message only confuses; without it, it would be tried for three days. */
const timeToLive = day / second
const topicHosts = /^sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?$/

// Credentials

const text = z.string().min(1)
const credentials = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .meta({ title: 'Region' }),
    accessKeyId: text.optional().meta({ title: 'Access key id; without it, the machine’s own role' }),
    secretAccessKey: text.optional().meta({ title: 'Secret access key', secret: true }),
    // Without it there are no events.
    configurationSet: text.meta({ title: 'Configuration set' }),
    topicArn: text.meta({ title: 'ARN of the SNS topic; several with a space between' }),
    originationIdentity: text.optional().meta({ title: 'Pool, sender id or ARN to send from' }),
    entityId: text.optional().meta({ title: 'India: DLT entity id' }),
    templateId: text.optional().meta({ title: 'India: DLT template id' }),
    endpoint: z.url().optional().meta({ title: 'Endpoint, where it is not the region’s own' }),
    certificateHost: text.optional().meta({ title: 'Host of signing certificates, for tests' }),
  })
  .refine(({ accessKeyId, secretAccessKey }) => !accessKeyId === !secretAccessKey, {
    path: ['secretAccessKey'],
    message: 'Access key id and secret access key go together.',
  })
export type AwsCredentials = z.infer<typeof credentials>

// Error table: `Reason` of an exception, else its name

const refusals = tableOf([
  ['throttled', 'ThrottlingException TooManyRequestsException'], // too fast
  ['throttled-for-long', 'DAILY_NOTIFY_TIER_MESSAGE_LIMIT'], // enough for today
  ['unknown', 'InternalServerException'], // it does not say that nothing was taken
  ['opted-out', 'DESTINATION_PHONE_NUMBER_OPTED_OUT'], // on the account's opt-out list
  ['recipient-not-allowed', 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED'], // the account is in the sandbox
  ['recipient-not-allowed', 'COUNTRY_NOT_ENABLED INTERNATIONAL_SENDING_NOT_SUPPORTED'], // this country
  ['recipient-not-allowed', 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY SENDER_ID_NOT_SUPPORTED'], // this country
  ['recipient-not-allowed', 'PRICE_OVER_THRESHOLD'], // this country is dearer than the account allows
  ['policy-refused', 'DESTINATION_COUNTRY_BLOCKED DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION'],
  ['policy-refused', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'], // the account's own list
  ['content-refused', 'MAXIMUM_SIZE_EXCEEDED'], // too long
  ['misconfigured', 'SENDER_ID_NOT_REGISTERED SENDER_ID_REQUIRES_REGISTRATION'], // sender
  ['misconfigured', 'NO_ORIGINATION_IDENTITIES_FOUND RESOURCE_NOT_ACTIVE MESSAGE_TYPE_MISMATCH'], // set-up
  ['misconfigured', 'NUMBER_CAPABILITIES_MISMATCH REGISTRATION_NOT_COMPLETE RESOURCE_NOT_ACCESSIBLE'], // set-up
  ['misconfigured', 'INVALID_PARAMETER INVALID_ARN CHANNEL_NOT_ENABLED'], // set-up
  ['misconfigured', 'ResourceNotFoundException ConflictException'], // no such identity; it cannot send now
  ['misconfigured', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT ServiceQuotaExceededException'], // funds
  ['misconfigured', 'AccessDeniedException ACCOUNT_DISABLED INSUFFICIENT_ACCOUNT_REPUTATION'], // may not send
  ['misconfigured', 'UnrecognizedClientException InvalidSignatureException ExpiredTokenException'], // wrong keys
  ['misconfigured', 'CredentialsProviderError sdk-missing'], // no keys anywhere; the package is not installed
  ['rejected', 'ValidationException'], // we wrote nonsense, and it does not say what
])

/** A field that is at fault says more than "invalid parameter" does. */
const faultyFields: Record<string, Meaning> = {
  DestinationPhoneNumber: 'invalid-recipient', // this number
  MessageBody: 'content-refused', // this text
}

// Send

type Sdk = Pick<
  typeof import('@aws-sdk/client-pinpoint-sms-voice-v2'),
  'PinpointSMSVoiceV2Client' | 'SendTextMessageCommand' | 'DescribeAccountAttributesCommand'
>
type Client = InstanceType<Sdk['PinpointSMSVoiceV2Client']>
export type LoadSdk = () => Promise<Sdk>
export type Asked<T> = { kind: 'answer'; body: T } | { kind: 'failed'; error: unknown; mayHaveLeft: boolean }

/** `undefined` for what it does not carry. */
export function toRequest(
  { attemptId, from, to, content }: OutgoingMessage,
  given: AwsCredentials,
): SendTextMessageCommandInput | undefined {
  if (content.kind !== 'text') return undefined
  const { entityId, templateId } = given
  // Indian operators drop what names neither.
  const dlt = {
    ...(entityId && { IN_ENTITY_ID: entityId }),
    ...(templateId && { IN_TEMPLATE_ID: templateId }),
  }
  const isToIndia = to.startsWith('+91') && Object.keys(dlt).length > 0
  return {
    DestinationPhoneNumber: to,
    OriginationIdentity: given.originationIdentity ?? from,
    MessageBody: content.text,
    MessageType: 'TRANSACTIONAL',
    ConfigurationSetName: given.configurationSet,
    Context: { attemptId },
    TimeToLive: timeToLive,
    ...(isToIndia && { DestinationCountryParameters: dlt }),
  }
}

export function toOutcome(asked: Asked<{ MessageId?: string }>): Outcome {
  if (asked.kind === 'failed') {
    const { meaning, code } = toFailure(asked)
    return toRefusal(meaning, code)
  }
  const { MessageId: providerId } = asked.body
  return providerId ? { kind: 'accepted', providerId } : { kind: 'unknown', because: 'no message id' }
}

type Failed = Omit<Extract<Asked<unknown>, { kind: 'failed' }>, 'kind'>

export function toFailure({ error, mayHaveLeft }: Failed): { meaning: Meaning; code: string } {
  const { reason, words, fields, status } = readException(error)
  const told = words.find((word) => refusals(word) !== undefined)
  const meaning = told === undefined ? undefined : refusals(told)
  const isVague = meaning === 'misconfigured' || meaning === 'rejected'
  const field = fields.find((name) => Object.hasOwn(faultyFields, name)) ?? ''
  return {
    meaning:
      (isVague ? faultyFields[field] : undefined) ??
      meaning ??
      (status >= 400 ? meaningOfStatus(status) : mayHaveLeft ? 'unknown' : 'unreachable'),
    code: reason ?? told ?? words[0] ?? 'no-code',
  }
}

/** One call by one client, which is gone afterwards. Redirects are not followed, and nothing is tried again. */
async function ask<T>(
  loadSdk: LoadSdk,
  given: AwsCredentials,
  question: (sdk: Sdk, client: Client, options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<Asked<T>> {
  const sdk = await loadSdk().catch(() => undefined)
  if (!sdk) return { kind: 'failed', error: { name: 'sdk-missing' }, mayHaveLeft: false }
  const { region, endpoint, accessKeyId, secretAccessKey } = given
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined
  const departure = watchDeparture()
  const client = new sdk.PinpointSMSVoiceV2Client({
    ...{ region, maxAttempts: 1, requestHandler: departure.agents() },
    ...(endpoint && { endpoint }),
    ...(keys && { credentials: keys }),
  })
  return within(timeoutFor, undefined, async (abortSignal) => {
    try {
      return { kind: 'answer', body: await question(sdk, client, { abortSignal }) }
    } catch (error) {
      return { kind: 'failed', error, mayHaveLeft: departure.mayHaveLeft() }
    } finally {
      client.destroy()
    }
  })
}

async function send(loadSdk: LoadSdk, message: OutgoingMessage, given: AwsCredentials): Promise<Outcome> {
  const request = toRequest(message, given)
  if (!request) return { kind: 'rejected', reason: 'content-not-carried', code: message.content.kind }
  return toOutcome(
    await ask(loadSdk, given, ({ SendTextMessageCommand }, client, options) =>
      client.send(new SendTextMessageCommand(request), options),
    ),
  )
}

// Health

async function checkHealth(loadSdk: LoadSdk, given: AwsCredentials): Promise<Health> {
  const asked = await ask(loadSdk, given, ({ DescribeAccountAttributesCommand }, client, options) =>
    client.send(new DescribeAccountAttributesCommand({}), options),
  )
  if (asked.kind === 'failed') return toIllness(asked)
  const tier = asked.body.AccountAttributes?.find(({ Name }) => Name === 'ACCOUNT_TIER')?.Value
  // In the sandbox it writes to a few verified numbers only.
  if (tier === 'SANDBOX') return { kind: 'limited', code: tier }
  return tier ? { kind: 'healthy', quality: tier } : { kind: 'unreachable', code: 'no-tier' }
}

function toIllness(failed: Failed): Health {
  const { meaning, code } = toFailure(failed)
  if (meaning === 'unknown' || meaning === 'unreachable') return { kind: 'unreachable', code }
  return { kind: meaning === 'throttled' ? 'limited' : 'misconfigured', code }
}

// Verify

async function verify(
  webhook: RawWebhook,
  given: AwsCredentials,
  certificates: Certificates,
): Promise<Verdict> {
  const envelope = readEnvelope(webhook)
  if (!envelope) return { kind: 'refused', because: 'no envelope of a topic' }
  const topics = given.topicArn.split(/[\s,]+/)
  if (!topics.some((topic) => isSame(envelope.TopicArn, topic)))
    return { kind: 'refused', because: 'another topic' }
  if (!isCertificateAddress(envelope.SigningCertURL, hostOf(given)))
    return { kind: 'refused', because: 'a certificate from elsewhere' }
  const certificate = await certificates.at(envelope.SigningCertURL)
  if (certificate && isSigned(envelope, certificate)) return { kind: 'valid' }
  return { kind: 'refused', because: certificate ? 'wrong signature' : 'no such certificate' }
}

function hostOf({ certificateHost }: AwsCredentials): (host: string) => boolean {
  return (host) => (certificateHost === undefined ? topicHosts.test(host) : host === certificateHost)
}

// Parse

function parse(webhook: RawWebhook, receivedAt: Instant): Parsed {
  const envelope = readEnvelope(webhook)
  if (!envelope) return malformed('the body is no envelope of a topic')
  if (envelope.Type !== 'Notification') return ignored('about the subscription itself')
  return parseNotification(readMessage(envelope.Message), parseInstant(envelope.Timestamp) ?? receivedAt)
}

function readMessage(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

// Handshake

async function handshake(
  webhook: RawWebhook,
  given: AwsCredentials,
  certificates: Certificates,
): Promise<DictatedAnswer | undefined> {
  const envelope = readEnvelope(webhook)
  if (envelope?.Type !== 'SubscriptionConfirmation') return undefined
  const answer = (status: number) => ({ status, contentType: 'text/plain', body: '' })
  const verdict = await verify(webhook, given, certificates)
  const { SubscribeURL: url } = envelope
  if (verdict.kind === 'refused' || !url || !isFrom(url, hostOf(given))) return answer(403)
  const confirmed = await call({ method: 'GET', url })
  // It asks again after a 503.
  return answer(confirmed.kind === 'answer' && confirmed.status < 300 ? 200 : 503)
}

const sms: Carries = {
  longestText: 1_600,
  // MMS is for numbers of the United States and Canada, from a bucket of one's own.
  files: [],
  reactions: false,
  quotes: false,
  templates: 'none',
  receipts: true,
  answers: true,
}

export function createAws(loadSdk: LoadSdk): Provider<AwsCredentials> {
  const certificates = createCertificates()
  return {
    id: 'aws',
    carries: { sms },
    messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/aws-message-id',
    credentials,
    send: (message, given) => send(loadSdk, message, given),
    checkHealth: (_sender, given) => checkHealth(loadSdk, given),
    verify: (webhook, given) => verify(webhook, given, certificates),
    parse,
    handshake: (webhook, given) => handshake(webhook, given, certificates),
  }
}

export const aws = createAws(() => import('@aws-sdk/client-pinpoint-sms-voice-v2'))
