/** Why a message can go by no channel at all, in one sentence that names each of them. */
import type { Channel } from './channel.ts'
import { type Reason, reasons } from './reason.ts'

export interface ClosedHop {
  channel: Channel
  reason: Reason
}

const names: Record<Channel, string> = { sms: 'SMS', whatsapp: 'WhatsApp', email: 'e-mail' }

/** Where several stand in one sentence; the others are said as the list says them. */
const inShort: Partial<Record<Reason, string>> = {
  'no-consent': 'no consent',
  'no-address': 'no address in the chart',
  'no-sender': 'no sender is set up',
  'content-not-carried': 'cannot carry it',
  'outside-window': 'takes free text only within 24 hours of the patient’s last message',
  'template-not-approved': 'the template is not approved yet',
  'not-a-mobile': 'the number is a landline',
  'country-not-served': 'no sender for the country of this number',
}

/** `carried` names what is to go, where that is the trouble: `a file`. */
export function describeClosed(closed: ClosedHop[], telling: Reason, carried?: string): string {
  if (new Set(closed.map(({ reason }) => reason)).size < 2) return reasons[telling]
  const each = closed.map(({ channel, reason }) => `${names[channel]}: ${because(reason, carried)}`)
  const sentence = each.join('; ')
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`
}

function because(reason: Reason, carried: string | undefined): string {
  if (reason === 'content-not-carried' && carried) return `cannot carry ${carried}`
  const sentence = reasons[reason].replace(/\.$/, '')
  return inShort[reason] ?? sentence.slice(0, 1).toLowerCase() + sentence.slice(1)
}
