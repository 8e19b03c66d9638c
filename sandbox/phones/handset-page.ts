/** `/phones/{address}`: one patient's phone, with all three channels in one thread and a box to answer. */
import { bubble, daySeparator } from './bubble.ts'
import { channelWords } from './channel-face.ts'
import type { PhoneMessage } from './ledger.ts'
import { html, type Markup } from './markup.ts'
import { type Links, pageFrame } from './page-frame.ts'
import { spacedAddress } from './phone-address.ts'
import type { PhoneChannel } from './send-request.ts'
import { linesOf } from './thread.ts'

export function handsetPage(page: {
  address: string
  messages: PhoneMessage[]
  others: string[]
  links: Links
}): string {
  const { address, messages, others, links } = page
  const lines = linesOf(messages)
  const body = html`<main class="one-phone">
<section class="device" data-testid="handset" data-address="${address}" aria-label="Phone of ${address}">
<div class="speaker" aria-hidden="true"></div>
<header class="contact"><span class="avatar" aria-hidden="true">✚</span><div><h1>The clinic</h1>
<p>on the phone of <bdi dir="ltr">${spacedAddress(address)}</bdi></p></div><span class="live" id="live" role="status">connecting</span></header>
<div class="thread" id="thread" role="log" aria-label="Messages" aria-live="polite" tabindex="0">
${messages.length === 0 ? html`<p class="empty" id="empty">Nothing has arrived here yet.</p>` : undefined}
${lines.map((line, index) => dated(line, lines[index - 1], messages))}
</div>
${replyForm(address, messages)}
</section>
${others.length > 0 ? otherPhones(others) : undefined}
</main>`
  return pageFrame({ title: `${address} · phone`, script: 'handset.js', body, links })
}

/** Answers worth a tap, in the script of what the patient was last asked. */
export function quickAnswers(messages: readonly PhoneMessage[]): Markup {
  const asked =
    messages.findLast(({ direction, reaction }) => direction === 'to-patient' && !reaction)?.text ?? ''
  return html`${answersIn(asked).map(
    (text) => html`<button type="button" class="quick" data-quick="${text}" dir="auto">${text}</button>`,
  )}`
}

function answersIn(asked: string): string[] {
  if (/\p{Script=Arabic}/u.test(asked)) return ['1', 'X', 'نعم', 'إيقاف']
  if (/\p{Script=Devanagari}/u.test(asked)) return ['1', 'X', 'हाँ', 'रोकें']
  return ['1', 'X', 'STOP']
}

const clip = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M16.5 6v11a4.5 4.5 0 0 1-9 0V5a3 3 0 0 1 6 0v10.5a1.5 1.5 0 0 1-3 0V6H9v9.5a3 3 0 0 0 6 0V5a4.5 4.5 0 0 0-9 0v12a6 6 0 0 0 12 0V6z"/></svg>`

function replyForm(address: string, messages: readonly PhoneMessage[]): Markup {
  const channels: PhoneChannel[] = address.includes('@') ? ['email'] : ['sms', 'whatsapp']
  const latest = messages.at(-1)?.channel ?? channels[0]
  const options = channels.map(
    (channel) =>
      html`<option value="${channel}" ${channel === latest ? html`selected` : undefined}>${channelWords[channel]}</option>`,
  )
  return html`<form class="reply" id="reply" data-address="${address}">
<div class="quicks" id="quicks" role="group" aria-label="Quick answers">${quickAnswers(messages)}</div>
<p class="trouble" id="trouble" role="alert"></p>
<p class="attached" id="attached" hidden>${clip} <bdi id="attached-name"></bdi> <button type="button" id="detach" aria-label="Leave the file out">✕</button></p>
<div class="line">
<label class="unseen" for="channel">Answer by</label>
<select id="channel" name="channel" data-testid="reply-channel">${options}</select>
<label class="unseen" for="text">Your answer</label>
<textarea id="text" name="text" rows="1" dir="auto" placeholder="Message" data-testid="reply-text"></textarea>
<input class="unseen" type="file" id="file" tabindex="-1" aria-label="File" data-testid="reply-file">
<button type="button" class="attach" id="attach" aria-label="Attach a file">${clip}</button>
<button type="submit" class="send" data-testid="reply-send" aria-label="Send"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 20l18-8L3 4v6l11 2-11 2z"/></svg></button>
</div>
</form>`
}

function otherPhones(others: string[]): Markup {
  const items = others.map(
    (address) =>
      html`<li><a href="/phones/${encodeURIComponent(address)}"><bdi dir="ltr">${spacedAddress(address)}</bdi></a></li>`,
  )
  return html`<aside class="others"><h2>Other phones</h2><ul>${items}</ul></aside>`
}

function dated(line: PhoneMessage, previous: PhoneMessage | undefined, thread: PhoneMessage[]): Markup {
  const isNewDay = previous?.at.slice(0, 10) !== line.at.slice(0, 10)
  return html`${isNewDay ? daySeparator(line.at) : undefined}${bubble(line, thread)}`
}
