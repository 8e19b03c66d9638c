/** What Twilio posts to the clinic: forms, signed over the URL and the sorted fields. */
import { createHmac } from 'node:crypto'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { Sender } from '../phones/recipient-rules.ts'
import type { Account, Signing, Told, WireCall } from '../phones/wire.ts'

/** Our word for why it failed, and its own. */
export const errorCodes: Record<string, number> = { 'unreachable-handset': 30003 }

export function prefixed(channel: string, address: string): string {
  return channel === 'whatsapp' ? `whatsapp:${address}` : address
}

export function statusCall(message: ToPatient, told: Told, account: Account, signing: Signing): WireCall {
  const { id, channel, from, to } = message
  const form = {
    ...{ MessageSid: id, SmsSid: id, MessageStatus: told.status, SmsStatus: told.status },
    ...{ AccountSid: account.accountSid, ApiVersion: '2010-04-01' },
    ...{ To: prefixed(channel, to), From: prefixed(channel, from) },
    ...(told.code && { ErrorCode: String(errorCodes[told.code] ?? 30008) }),
    ...(channel === 'whatsapp' && { ChannelPrefix: 'whatsapp', ChannelToAddress: to }),
    ...(['delivered', 'read'].includes(told.status) && { EventType: told.status.toUpperCase() }),
  }
  return signed(message.callbackUrl, form, account, signing)
}

export function inboundCall(message: ToClinic, sender: Sender, account: Account, signing: Signing): WireCall {
  const { id, channel, from, to, text, inReplyTo, file } = message
  const form = {
    ...{ MessageSid: id, SmsSid: id, SmsMessageSid: id, SmsStatus: 'received' },
    ...{ AccountSid: account.accountSid, ApiVersion: '2010-04-01', NumSegments: '1' },
    ...{ To: prefixed(channel, to), From: prefixed(channel, from), Body: text },
    NumMedia: file ? '1' : '0',
    ...(file && {
      MediaUrl0: `${account.baseUrl}/2010-04-01/Accounts/${account.accountSid}/Messages/${id}/Media/${file.id}`,
      MediaContentType0: file.contentType,
    }),
    ...(channel === 'whatsapp' && { WaId: from.replace('+', ''), ProfileName: 'A phone of the sandbox' }),
    ...(inReplyTo && { OriginalRepliedMessageSid: inReplyTo }),
  }
  return signed(sender.inboundUrl, form, account, signing)
}

function signed(
  url: string,
  fields: Record<string, string | undefined>,
  { authToken = '' }: Account,
  signing: Signing,
): WireCall {
  const form = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, value ?? '']))
  const said = [...form].toSorted(([a], [b]) => (a < b ? -1 : 1)).map((pair) => pair.join(''))
  const key = signing === 'wrong' ? `not ${authToken}` : authToken
  const signature = createHmac('sha1', key)
    .update([url, ...said].join(''))
    .digest('base64')
  return {
    ...{ url, body: form.toString() },
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signing !== 'none' && { 'x-twilio-signature': signature }),
    },
  }
}
