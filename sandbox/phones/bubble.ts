/** One message as the patient sees it. The same fragment is in the page and in its live updates. */
import { channelChip } from './channel-face.ts'
import type { PhoneMessage } from './ledger.ts'
import { html, type Markup } from './markup.ts'
import type { CarriedFile } from './send-request.ts'
import { gistOf, quotedBy, reactionsTo } from './thread.ts'

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

/** `thread` is all that is on the phone: what this one quotes, and the reactions to it. */
export function bubble(message: PhoneMessage, thread: readonly PhoneMessage[]): Markup {
  const { id, channel, direction, status } = message
  const subject = message.subject && html`<strong class="subject" dir="auto">${message.subject}</strong>`
  return html`<article class="bubble ${direction} ${channel} is-${status}" id="${id}" data-testid="bubble" data-status="${status}" data-channel="${channel}">
<h2 class="unseen">${direction === 'to-patient' ? 'The clinic wrote' : 'You wrote'}</h2>
${quote(quotedBy(message, thread))}${subject}${message.file && attachment(message.file)}${words(message)}
<footer>${channelChip(channel)}<time datetime="${message.at}">${clockTime(message.at)}</time>${state(message)}${reactions(message, thread)}</footer>
</article>`
}

function words(message: PhoneMessage): Markup | undefined {
  // A reaction to something that is not on this phone has only its gist.
  const text = message.reaction ? gistOf(message) : message.text
  return text ? html`<p dir="auto">${text}</p>` : undefined
}

function quote(quoted: PhoneMessage | undefined): Markup | undefined {
  if (!quoted) return undefined
  const who = quoted.direction === 'to-patient' ? 'The clinic' : 'You'
  return html`<blockquote data-testid="quote"><b>${who}</b> <span dir="auto">${gistOf(quoted)}</span></blockquote>`
}

function attachment({ id, contentType, name, size }: CarriedFile): Markup {
  const url = `/files/${id}`
  const title = name ?? 'A file'
  if (contentType.startsWith('image/'))
    return html`<a class="picture" href="${url}" target="_blank"><img src="${url}" alt="${title}"></a>`
  if (contentType.startsWith('audio/'))
    return html`<audio controls preload="none" src="${url}" aria-label="${title}"></audio>`
  if (contentType.startsWith('video/'))
    return html`<video controls preload="none" src="${url}" aria-label="${title}"></video>`
  return html`<a class="document" href="${url}" target="_blank" data-testid="document"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2h8l5 5v15H6zm8 1.5V8h4.5zM8.5 12v1.5h7V12zm0 4v1.5h7V16z"/></svg> <span><bdi>${title}</bdi> <small>${inKilobytes(size)}</small></span></a>`
}

function inKilobytes(size: number): string {
  return size < 1_000_000 ? `${Math.ceil(size / 1_000)} KB` : `${(size / 1_000_000).toFixed(1)} MB`
}

/** What both sides said by an emoji, and where the patient may: on what the clinic wrote by WhatsApp. */
function reactions(message: PhoneMessage, thread: readonly PhoneMessage[]): Markup | undefined {
  const given = reactionsTo(message, thread)
  const mine = given.find(({ direction }) => direction === 'to-clinic')
  const mayReact = message.direction === 'to-patient' && message.channel === 'whatsapp' && !message.reaction
  if (given.length === 0 && !mayReact) return undefined
  const chips = given.map(
    ({ direction, reaction }) =>
      html`<span class="reaction" data-testid="reaction"><span class="unseen">${direction === 'to-patient' ? 'The clinic reacted' : 'You reacted'}</span> ${reaction?.emoji}</span>`,
  )
  const button = mine
    ? html`<button type="button" class="react" data-react="${message.id}" data-emoji="" aria-label="Take your reaction back">✕</button>`
    : html`<button type="button" class="react" data-react="${message.id}" data-emoji="👍" aria-label="React with 👍">👍</button>`
  return html`<span class="reactions">${chips}${mayReact && button}</span>`
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
