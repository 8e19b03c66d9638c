/**
 * What the company's statuses and error codes mean to us. The same codes come in the answer to a send, in a callback and in
 * the company's record of a message, so this one table serves all three.
 */
import type { DeliveryEvent, DeliveryState } from '../../domain/outcome.ts'
import { codeOf, reasonOf, tableOf } from '../refusal.ts'

const states: Record<string, DeliveryState> = {
  scheduled: 'queued', // kept until its time
  accepted: 'queued', // taken, no sender chosen yet
  queued: 'queued', // a sender is chosen
  sending: 'queued', // on its way to the carrier
  sent: 'sent', // the carrier has it
  partially_delivered: 'sent', // a part of it has arrived, more may come
  delivered: 'delivered', // on the handset
  read: 'read', // opened; WhatsApp only
  undelivered: 'undelivered', // the carrier could not bring it
  failed: 'failed', // never left the company
  canceled: 'failed', // withdrawn at the company before its time
}

/** `undefined` for a status that we do not know, or that no message of ours can have. */
export function stateOf(status: string): DeliveryState | undefined {
  return Object.hasOwn(states, status) ? states[status] : undefined
}

export const meaningOf = tableOf([
  // the account or the sender is too fast, a queue is full: a matter of seconds
  ['throttled', '20429 21611 30001 30022 63017 63018'],
  // the cap of the day or of the account: nothing passes before tomorrow
  ['throttled-for-long', '30023 30027 30454 63038'],
  // the handset was off until the message expired
  ['recipient-unreachable', '30003 30036'],
  // no route between these two numbers
  ['recipient-unreachable', '21612'],
  // maintenance, congestion, timeouts between company and carrier: refused now, perhaps not later
  ['unreachable', '21730 30008 30009 30017 30020 30021 30035 30410 30500 63009 63010 63012'],
  // STOP at the company; blocked on WhatsApp
  ['opted-out', '21610 63014'],
  // no such number, a landline, nobody of that number on WhatsApp
  ['invalid-recipient', '21211 21614 21635 30005 30006 63003 63024'],
  // free text more than 24 hours after the patient's last message
  ['outside-window', '63016'],
  // wrong token or key
  ['misconfigured', '20003 63001'],
  // wrong account, a callback URL that cannot be, a messaging service or channel that is not set up
  ['misconfigured', '20404 21603 21604 21609 21703 21704 21705 21910 35111 35114 35115 35126'],
  ['misconfigured', '63002 63007 63008 63031'],
  // only this recipient: country not switched on, number not verified on trial, sandbox not joined
  ['recipient-not-allowed', '21408 21608 63015'],
  // the sender is not ours, is suspended, or is not registered where it must be
  ['misconfigured', '21212 21606 21708 21709 30002 30018 30024 30032 30033 30034 30037 30040 30041 30042'],
  ['misconfigured', '63020 63022 63051'],
  // time to live too small; a limit on price that the company no longer has
  ['misconfigured', '30012 30010'],
  // no such template, wrong variables, not approved, paused, disabled
  ['template-refused', '21654 21655 21656 63021 63027 63028 63029 63040 63041 63042'],
  // empty, too long, or in a form that the channel does not take
  ['content-refused', '21602 21617 21619 63005 63006 63030 63100'],
  // the file could not be fetched, is too large or of a kind that is not taken
  ['file-refused', '21620 21623 30011 30019 63019 63025 63034 63037'],
  // filtered by a network, a register, or WhatsApp's own rules
  ['policy-refused', '30004 30007 30038 30039 30440 30450 30453 30485'],
  ['policy-refused', '63013 63026 63032 63033 63049'],
  // no more is said
  ['rejected', '63023'],
])

/** What a delivery event says of a failure; nothing where nothing failed. */
export function whyFailed(state: DeliveryState, given: unknown): Pick<DeliveryEvent, 'reason' | 'code'> {
  if (state !== 'failed' && state !== 'undelivered') return {}
  const code = codeOf(given)
  return { reason: reasonOf(code === undefined ? undefined : meaningOf(code)), ...(code && { code }) }
}
