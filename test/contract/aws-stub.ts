/**
 * AWS End User Messaging as the real SDK meets it: the JSON 1.0 protocol over HTTP, its exceptions, and its events through a
 * topic. Recipients end as the sandbox's magic ones do, as far as the company has such an ending.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { RawWebhook } from '../../src/providers/provider.ts'
import { startTopic, type Topic } from './aws-topic.ts'

const message = z.strictObject({
  DestinationPhoneNumber: z.string().regex(/^\+?[1-9][0-9]{1,18}$/),
  OriginationIdentity: z.string().min(1),
  MessageBody: z.string().max(1_600),
  MessageType: z.enum(['TRANSACTIONAL', 'PROMOTIONAL']),
  ConfigurationSetName: z.string().regex(/^[\w-]+$/),
  Context: z.record(z.string().max(100), z.string().max(800)),
  TimeToLive: z.int().min(5).max(259_200),
  DestinationCountryParameters: z.record(z.string(), z.string()).optional(),
})
export type SentText = z.infer<typeof message> & { id: string }

export interface AwsStub {
  url: string
  topic: Topic
  sent: SentText[]
  webhooks: RawWebhook[]
  write(from: string, to: string, text: string): void
  stop(): Promise<void>
}

interface Exceptional {
  status: number
  body: Record<string, unknown>
}

function exception(name: string, more: Record<string, unknown> = {}, status = 400): Exceptional {
  return { status, body: { __type: name, Message: 'It was refused.', ...more } }
}

const refusals: Record<string, Exceptional> = {
  '+15005550001': exception('ValidationException', {
    Reason: 'INVALID_PARAMETER',
    Fields: [{ Name: 'DestinationPhoneNumber', Message: 'not valid' }],
  }),
  '+15005550003': exception('ValidationException', { Reason: 'COUNTRY_NOT_ENABLED' }),
  '+15005550004': exception('ConflictException', { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }),
}
/** Refused twice, then taken. */
const delays: Record<string, Exceptional> = {
  '+15005550011': exception('ThrottlingException'),
  '+15005550012': exception('InternalServerException', { RequestId: 'r1' }, 500),
}
const usual = ['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_DELIVERED']
const endings: Record<string, string[]> = {
  '+15005550010': ['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_UNREACHABLE'],
  '+15005550014': ['TEXT_QUEUED', 'TEXT_SENT'],
  '+15005550015': ['TEXT_DELIVERED', 'TEXT_QUEUED', 'TEXT_QUEUED', 'TEXT_SENT', 'TEXT_DELIVERED'],
}

export async function startAws(accessKeyId: string): Promise<AwsStub> {
  const topic = await startTopic()
  const sent: SentText[] = []
  const webhooks: RawWebhook[] = []
  const tell = (message: object) =>
    webhooks.push(topic.post(topic.envelope({ Message: JSON.stringify(message) })))
  const refusedSoFar = new Map<string, number>()
  const delayOf = (to: string) => {
    const count = refusedSoFar.get(to) ?? 0
    if (delays[to]) refusedSoFar.set(to, count < 2 ? count + 1 : 0)
    return count < 2 ? delays[to] : undefined
  }
  const take = (given: unknown): Exceptional => {
    const parsed = message.safeParse(given)
    if (!parsed.success)
      return exception('ValidationException', {
        Reason: 'FIELD_VALIDATION_FAILED',
        Fields: parsed.error.issues.map(({ path, message }) => ({ Name: path.join('.'), Message: message })),
      })
    const to = parsed.data.DestinationPhoneNumber
    const refusal = refusals[to] ?? delayOf(to)
    if (refusal) return refusal
    const text = { ...parsed.data, id: randomUUID() }
    sent.push(text)
    void report(text, tell)
    return { status: 200, body: { MessageId: text.id } }
  }
  const server = createServer(async (request, response) => {
    const { status, body } = isOurs(request, accessKeyId)
      ? await answer(request, take)
      : exception('UnrecognizedClientException', {})
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, topic, sent, webhooks },
    write: (originationNumber, destinationNumber, messageBody) => {
      const ids = { inboundMessageId: randomUUID(), messageKeyword: 'KEYWORD_sample' }
      tell({ originationNumber, destinationNumber, messageBody, ...ids })
    },
    async stop() {
      server.closeAllConnections()
      await Promise.all([topic.stop(), new Promise((resolve) => server.close(resolve))])
    },
  }
}

/** The key's id, the service and the form of the signature; not the signature itself, which is the SDK's own work. */
function isOurs({ headers }: IncomingMessage, accessKeyId: string): boolean {
  const scope = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=${accessKeyId}/\\d{8}/[\\w-]+/sms-voice/aws4_request, `,
  )
  return scope.test(headers.authorization ?? '')
}

async function answer(request: IncomingMessage, take: (given: unknown) => Exceptional): Promise<Exceptional> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const given: unknown = JSON.parse(Buffer.concat(chunks).toString())
  switch (request.headers['x-amz-target']) {
    case 'PinpointSMSVoiceV2.SendTextMessage':
      return take(given)
    case 'PinpointSMSVoiceV2.DescribeAccountAttributes':
      return { status: 200, body: { AccountAttributes: [{ Name: 'ACCOUNT_TIER', Value: 'PRODUCTION' }] } }
    default:
      return exception('UnknownOperationException')
  }
}

/** Later than the answer to the send, as a rule. */
async function report(text: SentText, tell: (message: object) => void): Promise<void> {
  await setImmediate()
  for (const eventType of endings[text.DestinationPhoneNumber] ?? usual)
    tell({
      ...{ eventType, eventVersion: '1.0', eventTimestamp: 1_795_150_800_000, messageId: text.id },
      ...{ isFinal: eventType === 'TEXT_DELIVERED', context: text.Context, messageEncoding: 'Unicode' },
      ...{
        originationPhoneNumber: text.OriginationIdentity,
        destinationPhoneNumber: text.DestinationPhoneNumber,
      },
      ...{ totalMessageParts: 1, totalMessagePrice: 0.09582, totalCarrierFee: 0.0 },
    })
}
