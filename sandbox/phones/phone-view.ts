/** A message as the phones' API shows it to tests and scripts. */
import type { PhoneMessage } from './ledger.ts'

export function toPhoneView(message: PhoneMessage) {
  const { id, wire, channel, from, to, text, subject, at, status, file, reaction } = message
  const [template, replyTo] =
    message.direction === 'to-patient' ? [message.template, message.replyTo] : [undefined, message.inReplyTo]
  return {
    ...{ id, wire, channel, from, to, text, at, status },
    ...(subject && { subject }),
    ...(template && { template }),
    ...(file && { file: { ...file, url: `/files/${file.id}` } }),
    ...(reaction && { reaction }),
    ...(replyTo && { replyTo }),
    ...(message.redacted && { redacted: true }),
  }
}
