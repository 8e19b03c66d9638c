/** AWS through its real SDK, against a local server that speaks its wire. */
import type { Address } from '../../src/domain/address.ts'
import { type AwsCredentials, aws } from '../../src/providers/aws/aws.ts'
import { startAws } from './aws-stub.ts'
import { describeProvider } from './provider.ts'
import type { Company } from './provider-conversation.ts'

const address = (text: string) => text as Address
const senders = { sms: address('+15550100001') }
const recipient = address('+971501234567')
const accessKeyId = 'ACCESSKEYOFATEST'
const secretAccessKey = 'secret-access-key-of-a-test'

async function start(): Promise<Company<AwsCredentials>> {
  const stub = await startAws(accessKeyId)
  return {
    credentials: {
      ...{ region: 'eu-central-1', accessKeyId, secretAccessKey, configurationSet: 'clinic' },
      ...{ topicArn: stub.topic.arn, endpoint: stub.url, certificateHost: stub.topic.host },
    },
    secrets: [secretAccessKey],
    async taken({ attemptId }) {
      const mine = stub.sent.filter(({ Context }) => Context.attemptId === attemptId)
      return mine.map(({ id, DestinationPhoneNumber: to, MessageBody: text }) => ({
        providerId: id,
        to,
        text,
      }))
    },
    callbackUrl: () => 'https://qasid.example/webhooks/sample-clinic/sms',
    write: async (_channel, from, { text = '' }) => stub.write(from, senders.sms, text),
    webhooks: () => stub.webhooks,
    stop: stub.stop,
  }
}

const accepted = { kind: 'accepted' } as const
const usual = ['queued', 'sent', 'delivered'] as const

describeProvider(aws, {
  start,
  pointedAt: (credentials, endpoint) => ({ ...credentials, endpoint }),
  mistaken: (credentials) => ({ ...credentials, accessKeyId: 'ANOTHERKEYOFATEST' }),
  neighbour: (credentials) => ({ ...credentials, topicArn: `${credentials.topicArn}-of-another` }),
  senders,
  recipients: { sms: recipient },
  answers: [
    {
      ...{ when: 'no such number', channel: 'sms', to: address('+15005550001') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'INVALID_PARAMETER' }],
    },
    {
      ...{ when: 'a country that is not switched on', channel: 'sms', to: address('+15005550003') },
      wanted: [{ kind: 'rejected', reason: 'recipient-not-allowed', code: 'COUNTRY_NOT_ENABLED' }],
    },
    {
      ...{ when: 'a person who opted out', channel: 'sms', to: address('+15005550004') },
      wanted: [{ kind: 'opted-out', code: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }],
    },
    {
      ...{ when: 'what is no number', channel: 'sms', to: address('+0') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'FIELD_VALIDATION_FAILED' }],
    },
    {
      ...{ when: 'too fast, twice', channel: 'sms', to: address('+15005550011') },
      wanted: [{ kind: 'throttled', waitFor: 1_000 }, { kind: 'throttled', waitFor: 1_000 }, accepted],
    },
    {
      ...{
        when: 'a fault that does not say "not taken", twice',
        channel: 'sms',
        to: address('+15005550012'),
      },
      wanted: [
        { kind: 'unknown', because: 'InternalServerException' },
        { kind: 'unknown', because: 'InternalServerException' },
        accepted,
      ],
    },
  ],
  usual: { sms: [...usual] },
  endings: [
    { when: 'anyone', channel: 'sms', to: recipient, wanted: [...usual] },
    {
      ...{ when: 'taken, never arrived', channel: 'sms', to: address('+15005550010') },
      wanted: ['queued', 'sent', 'undelivered'],
    },
    { when: 'no receipt ever', channel: 'sms', to: address('+15005550014'), wanted: ['queued', 'sent'] },
    {
      ...{ when: 'twice and out of order', channel: 'sms', to: address('+15005550015') },
      wanted: ['delivered', 'queued', 'queued', 'sent', 'delivered'],
    },
  ],
  exceptions: [
    { what: 'says how long', because: 'Its answers name no time; the SDK would not hand it on either.' },
    { what: 'redacts', because: 'Its API has no call about a message that was sent, so none to remove it.' },
    { what: 'looks up', because: 'The company has no question about a single message.' },
    {
      what: 'signs',
      because:
        'Its signature stands in the body and over the fields, not over the bytes: see provider-aws-envelope.test.ts.',
    },
  ],
})
