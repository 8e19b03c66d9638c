/** One message as the patient sees it. The same fragment is in the page and in its live updates. */
import { channelChip } from './channel-face.ts'
import type { PhoneMessage } from './ledger.ts'
import { html, type Markup } from './markup.ts'

/** What stands under a bubble: a picture for the eye, words for everybody else. */
const faces: Record<PhoneMessage['status'], { tick: string; words: string }> = {
  queued: { tick: '◷', words: 'on its way' },
  sent: { tick: '◷', words: 'on its way' },
  delivered: { tick: '', words: '' },
  read: { tick: '', words: '' },
  undelivered: { tick: '⚠', words: 'never arrived on this phone' },
  failed: { tick: '⚠', words: 'never arrived on this phone' },
  sending: { tick: '◷', words: 'sending' },
  received: { tick: '✓✓', words: 'received by the clinic' },
  waiting: { tick: '◷', words: 'not delivered to the clinic yet' },
  lost: { tick: '⚠', words: 'could not be delivered to the clinic' },
}

export function bubble(message: PhoneMessage): Markup {
  const { id, channel, direction, status } = message
  const subject = message.subject && html`<strong class="subject" dir="auto">${message.subject}</strong>`
  return html`<article class="bubble ${direction} ${channel} is-${status}" id="${id}" data-testid="bubble" data-status="${status}" data-channel="${channel}">
<h2 class="unseen">${direction === 'to-patient' ? 'The clinic wrote' : 'You wrote'}</h2>
${subject}<p dir="auto">${message.text}</p>
<footer>${channelChip(channel)}<time datetime="${message.at}">${clockTime(message.at)}</time>${state(message)}</footer>
</article>`
}

/** Troubles and waiting are said in full; the usual is a tick whose words are for screen readers. */
function state({ status }: PhoneMessage): Markup | undefined {
  const { tick, words } = faces[status]
  if (!words) return undefined
  const wordless = status === 'received' || status === 'sending'
  return html`<span class="state"><span aria-hidden="true">${tick}</span> <span class="${wordless ? 'unseen' : ''}">${words}</span></span>`
}

export function daySeparator(at: string): Markup {
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(
    new Date(at),
  )
  return html`<p class="day"><time datetime="${at.slice(0, 10)}">${day}</time></p>`
}

export function clockTime(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
}
