/** A notification topic of AWS as far as a webhook sees it: signed envelopes, and the host with the certificate they name. */

import { createSign, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import type { RawWebhook } from '../../src/providers/provider.ts'
import { makeTestCertificate } from './test-certificate.ts'

export type Fields = Record<string, string>

export interface Topic {
  arn: string
  /** Of certificate and confirmations. */
  host: string
  /** Paths that were asked for, with their queries. */
  asked: string[]
  /** Fills in what every envelope has, and signs it. */
  envelope(fields: Fields, version?: '1' | '2'): Fields
  post(envelope: Fields): RawWebhook
  /** The subscriber's part of a subscription. */
  confirmation(): Fields
  stop(): Promise<void>
}

export const certificatePath = '/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'

export async function startTopic(): Promise<Topic> {
  const { certificate, privateKey } = makeTestCertificate()
  const trusted = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...trusted, certificate])
  const asked: string[] = []
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ cert: certificate, key }, (request, response) => {
    asked.push(request.url ?? '')
    const isCertificate = request.url === certificatePath
    const isConfirmation = request.url?.startsWith('/?Action=ConfirmSubscription')
    response.writeHead(isCertificate || isConfirmation ? 200 : 404, { 'content-type': 'text/plain' })
    response.end(isCertificate ? certificate : '<Answer/>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const arn = 'arn:aws:sns:eu-central-1:000000000001:clinic-messages'
  const envelope: Topic['envelope'] = (fields, version = '2') => {
    const whole = {
      ...{
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn: arn,
        Timestamp: '2026-11-20T05:00:00.000Z',
      },
      ...{ SignatureVersion: version, SigningCertURL: `https://${host}${certificatePath}`, ...fields },
    }
    const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256'
    return { ...whole, Signature: createSign(algorithm).update(wordsOf(whole)).sign(privateKey, 'base64') }
  }
  return {
    ...{ arn, host, asked, envelope, post },
    confirmation: () => {
      const SubscribeURL = `https://${host}/?Action=ConfirmSubscription&TopicArn=${arn}&Token=t1`
      const Message = 'You have chosen to subscribe to the topic.'
      return envelope({ Type: 'SubscriptionConfirmation', Token: 't1', SubscribeURL, Message })
    },
    async stop() {
      tls.setDefaultCACertificates(trusted)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As the service's documentation lists them, written down a second time and not taken from what is tested. */
function wordsOf(envelope: Fields): string {
  const isNotification = envelope.Type === 'Notification'
  const before = ['Message', 'MessageId', isNotification ? 'Subject' : 'SubscribeURL', 'Timestamp']
  const names = [...before, ...(isNotification ? [] : ['Token']), 'TopicArn', 'Type']
  return names.map((name) => (name in envelope ? `${name}\n${envelope[name]}\n` : '')).join('')
}

function post(envelope: Fields): RawWebhook {
  const headers = {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': envelope.Type,
    'x-amz-sns-topic-arn': envelope.TopicArn,
  }
  const body = Buffer.from(JSON.stringify(envelope))
  return { method: 'POST', url: 'https://qasid.example/webhooks/sample-clinic/sms', headers, body }
}
