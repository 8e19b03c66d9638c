/**
 * The envelope in which a notification topic posts its messages. Its signature stands within it, over chosen fields rather
 * than over the bytes; the certificate is at the topic's own company. Nothing here is believed before `isSigned` says so.
 */
import { createVerify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { RawWebhook } from '../provider.ts'
import { readJson } from '../webhook.ts'

const envelopeBody = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().nullish(),
  Token: z.string().nullish(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
})
export type Envelope = z.infer<typeof envelopeBody>

/** It comes as `text/plain`, and is JSON all the same. */
export function readEnvelope(webhook: RawWebhook): Envelope | undefined {
  return envelopeBody.safeParse(readJson(webhook)).data
}

const signedKeys = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  other: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const

/** What the signature is over: name and value in turn, a line each; what is missing is left out. */
export function signedText(
  envelope: Omit<Envelope, 'Signature' | 'SigningCertURL' | 'SignatureVersion'>,
): string {
  const keys = signedKeys[envelope.Type === 'Notification' ? 'Notification' : 'other']
  return keys
    .filter((key) => typeof envelope[key] === 'string')
    .map((key) => `${key}\n${envelope[key]}\n`)
    .join('')
}

const algorithms = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }

/** False too for a certificate that is none. */
export function isSigned(envelope: Envelope, certificate: string): boolean {
  try {
    const { publicKey } = new X509Certificate(certificate)
    return createVerify(algorithms[envelope.SignatureVersion])
      .update(signedText(envelope), 'utf8')
      .verify(publicKey, envelope.Signature, 'base64')
  } catch {
    return false
  }
}

/** HTTPS, nothing but a host and a path, and the host is one of the topic's company. */
export function isFrom(
  address: string | null | undefined,
  isTrustedHost: (host: string) => boolean,
): boolean {
  if (!address || !URL.canParse(address)) return false
  const { protocol, username, password, host } = new URL(address)
  return protocol === 'https:' && !username && !password && isTrustedHost(host)
}

export function isCertificateAddress(address: string, isTrustedHost: (host: string) => boolean): boolean {
  return isFrom(address, isTrustedHost) && /^[^?#]+\.pem$/.test(address)
}
