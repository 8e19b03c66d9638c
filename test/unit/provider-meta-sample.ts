/** One account and one message, as the tests of the Cloud API provider know them. All invented. */
import type { Address } from '../../src/domain/address.ts'
import type { OutgoingContent, OutgoingFile } from '../../src/domain/outgoing.ts'
import type { MetaCredentials } from '../../src/providers/meta/meta.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'

export const credentials: MetaCredentials = {
  ...{ accessToken: 'access-token', phoneNumberId: '200000000000001', businessAccountId: '100000000000001' },
  ...{ appSecret: 'test-app-secret', verifyToken: 'verify-token', apiVersion: 'v26.0' },
  ...{ baseUrl: 'https://graph.example', messageHistory: 'off' },
}

export const sender = '+15550100001' as Address

export function messageOf(content: OutgoingContent, wish: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    ...{ attemptId: 'r1_1', channel: 'whatsapp', from: sender, to: '+971501234567' as Address },
    ...{ content, callbackUrl: 'https://qasid.example/webhooks/a/whatsapp?attempt=r1_1' },
    ...wish,
  }
}

export const report: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'تقرير.pdf', size: 8 },
  ...{ url: 'https://qasid.example/media/token', read: async () => Buffer.from('%PDF-1.4') },
}

/** A webhook with these values under `field`. */
export function webhookOf(value: unknown, field = 'messages') {
  const entry = [{ id: '100000000000001', changes: [{ value, field }] }]
  return rawOf(JSON.stringify({ object: 'whatsapp_business_account', entry }))
}

export function rawOf(body: string | Uint8Array, headers: Record<string, string> = {}) {
  return {
    ...{ method: 'POST', url: 'https://qasid.example/webhooks/a/whatsapp', headers },
    body: Buffer.from(body),
  }
}

export const metadata = { display_phone_number: '15550100001', phone_number_id: '200000000000001' }
