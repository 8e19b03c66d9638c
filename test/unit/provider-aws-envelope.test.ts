/** Envelopes of AWS's topics: who signed them, compared with an independent validator, and how a subscription is confirmed. */
import fc from 'fast-check'
import MessageValidator from 'sns-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsCredentials, createAws } from '../../src/providers/aws/aws.ts'
import { certificatePath, type Fields, startTopic, type Topic } from '../contract/aws-topic.ts'

let topic: Topic
let given: AwsCredentials
const provider = () => createAws(() => Promise.reject(new Error('No SDK is needed for webhooks')))
let aws = provider()
beforeAll(async () => {
  topic = await startTopic()
  given = {
    ...{ region: 'eu-central-1', configurationSet: 'clinic', certificateHost: topic.host },
    topicArn: `arn:aws:sns:eu-central-1:000000000001:answers ${topic.arn}`,
  }
})
afterAll(() => topic.stop())

const verify = (envelope: Fields, credentials = given) => aws.verify(topic.post(envelope), credentials)
const valid = { kind: 'valid' }

function byOracle(envelope: Fields): Promise<boolean> {
  const validator = new MessageValidator(/^localhost:\d+$/)
  return new Promise((resolve) => validator.validate({ ...envelope }, (error) => resolve(!error)))
}

describe('a signature', () => {
  it.each([
    '1',
    '2',
  ] as const)('of version %s is agreed on with an independent validator', async (version) => {
    const text = fc.string({ unit: 'grapheme' })
    await fc.assert(
      fc.asyncProperty(text, fc.option(text, { nil: undefined }), async (Message, Subject) => {
        const envelope = topic.envelope({ Message, ...(Subject !== undefined && { Subject }) }, version)
        expect(await verify(envelope)).toEqual(valid)
        expect(await byOracle(envelope)).toBe(true)
        const altered = { ...envelope, Message: `${Message}.` }
        expect(await verify(altered)).toMatchObject({ kind: 'refused' })
        expect(await byOracle(altered)).toBe(false)
      }),
      { numRuns: 250 },
    )
  })

  it('covers every field that counts', async () => {
    const envelope = topic.envelope({ Message: '{"a":1}', Subject: 'News' })
    for (const field of ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'Signature']) {
      expect(await verify({ ...envelope, [field]: `x${envelope[field]}` }), field).toMatchObject({
        kind: 'refused',
      })
      const { [field]: _, ...without } = envelope
      expect(await verify(without), field).toMatchObject({ kind: 'refused' })
    }
    expect(await verify({ ...envelope, SignatureVersion: '1' })).toMatchObject({ kind: 'refused' })
    expect(await verify({ ...envelope, SignatureVersion: '3' })).toMatchObject({ kind: 'refused' })
    expect(await verify({ ...envelope, Signature: '' })).toMatchObject({ kind: 'refused' })
  })

  it('holds for confirmations too, where the validator errs in leaving out the token', async () => {
    const confirmation = topic.confirmation()
    expect(await verify(confirmation)).toEqual(valid)
    expect(await byOracle(confirmation)).toBe(true)
    const end = topic.envelope({ ...confirmation, Type: 'UnsubscribeConfirmation' })
    expect(await verify(end)).toEqual(valid)
    expect(await byOracle(end)).toBe(false)
  })

  it('of another topic is not ours', async () => {
    const other = topic.envelope({
      Message: 'Hi',
      TopicArn: 'arn:aws:sns:eu-central-1:000000000002:clinic-messages',
    })
    expect(await verify(other)).toEqual({ kind: 'refused', because: 'another topic' })
    expect(
      await verify(topic.envelope({ Message: 'Hi' }), { ...given, topicArn: `${topic.arn}-2` }),
    ).toMatchObject({
      kind: 'refused',
    })
  })
})

describe('a certificate', () => {
  const elsewhere = { kind: 'refused', because: 'a certificate from elsewhere' }

  it.each([
    'https://files.example/cert.pem',
    'http://sns.eu-central-1.amazonaws.com/cert.pem',
    'https://sns.eu-central-1.amazonaws.com.files.example/cert.pem',
    'https://sns.eu-central-1.amazonaws.com@files.example/cert.pem',
    'https://user:word@sns.eu-central-1.amazonaws.com/cert.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/cert.pem',
    'https://sns.eu-central-1.amazonaws.com/cert.txt',
    'https://sns.eu-central-1.amazonaws.com/cert?x=.pem',
    'https://sns.eu-central-1.amazonaws.com/cert#.pem',
    'https://s3.eu-central-1.amazonaws.com/cert.pem',
    'https://sns.x.amazonaws.com/cert.pem',
    'file:///cert.pem',
    'cert.pem',
    '',
  ])('is never taken from %s', async (SigningCertURL) => {
    const envelope = topic.envelope({ Message: 'Hi', SigningCertURL })
    const { certificateHost: _, ...plain } = given
    expect(await verify(envelope, plain)).toEqual(elsewhere)
    expect(await verify(envelope)).toEqual(elsewhere)
  })

  it('is taken from the company’s own host only, unless another is set', async () => {
    const { certificateHost: _, ...plain } = given
    expect(await verify(topic.envelope({ Message: 'Hi' }), plain)).toEqual(elsewhere)
  })

  it('is fetched once', async () => {
    aws = provider()
    const before = topic.asked.length
    for (const Message of ['one', 'two', 'three'])
      expect(await verify(topic.envelope({ Message }))).toEqual(valid)
    expect(topic.asked.slice(before)).toEqual([certificatePath])
  })

  it('that does not exist signs nothing', async () => {
    const SigningCertURL = `https://${topic.host}/none.pem`
    const verdict = await verify(topic.envelope({ Message: 'Hi', SigningCertURL }))
    expect(verdict).toEqual({ kind: 'refused', because: 'no such certificate' })
  })

  it('that cannot be fetched is a fault, so that the company calls again', async () => {
    const gone = { ...given, certificateHost: 'localhost:1' }
    const envelope = topic.envelope({ Message: 'Hi', SigningCertURL: 'https://localhost:1/cert.pem' })
    await expect(verify(envelope, gone)).rejects.toThrow('cannot be fetched')
  })
})

describe('a subscription', () => {
  const shake = (envelope: Fields) => aws.handshake?.(topic.post(envelope), given)

  it('is confirmed at the address that it names', async () => {
    const confirmation = topic.confirmation()
    expect(await shake(confirmation)).toEqual({ status: 200, contentType: 'text/plain', body: '' })
    expect(topic.asked.at(-1)).toMatch(/^\/\?Action=ConfirmSubscription&TopicArn=.*&Token=t1$/)
  })

  it('is not confirmed elsewhere, or unsigned, or for another topic', async () => {
    const before = topic.asked.filter((path) => path !== certificatePath).length
    const confirmation = topic.confirmation()
    const { Signature: _, ...unsigned } = confirmation
    const odd = [
      topic.envelope({ ...confirmation, SubscribeURL: 'https://files.example/?Action=ConfirmSubscription' }),
      topic.envelope({
        ...confirmation,
        SubscribeURL: confirmation.SubscribeURL?.replace('https', 'http') ?? '',
      }),
      { ...confirmation, Token: 't2' },
      topic.envelope({ ...confirmation, TopicArn: 'arn:aws:sns:eu-central-1:000000000002:clinic-messages' }),
    ]
    for (const envelope of odd) expect(await shake(envelope)).toMatchObject({ status: 403 })
    expect(await shake(unsigned)).toBeUndefined()
    expect(topic.asked.filter((path) => path !== certificatePath)).toHaveLength(before)
  })

  it('is asked for again when the confirmation fails', async () => {
    const SubscribeURL = `https://${topic.host}/gone`
    const envelope = topic.envelope({ ...topic.confirmation(), SubscribeURL })
    expect(await shake(envelope)).toMatchObject({ status: 503 })
  })

  it('is nothing that a notification is about', async () => {
    expect(await shake(topic.envelope({ Message: 'Hi' }))).toBeUndefined()
  })
})
