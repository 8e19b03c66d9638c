/** `/`: the phones and mailboxes that have got a message, the latest first, and a box to open another. */
import { clockTime } from './bubble.ts'
import { channelChip } from './channel-face.ts'
import type { PhoneMessage } from './ledger.ts'
import { html, type Markup } from './markup.ts'
import { type Links, pageFrame } from './page-frame.ts'
import { spacedAddress } from './phone-address.ts'
import { gistOf } from './thread.ts'

export interface HandsetCard {
  address: string
  messages: PhoneMessage[]
}

export function handsetsPage(page: { cards: HandsetCard[]; links: Links; notUnderstood?: string }): string {
  const { cards, links, notUnderstood } = page
  const body = html`<main class="all-phones">
<h1>Patients’ phones</h1>
<form class="open" action="/phones" method="get">
<label for="address">Open a phone or mailbox</label>
<input id="address" name="address" placeholder="+971 50 000 0018 or someone@mail.example" dir="ltr" autocomplete="off" required>
<button type="submit">Open</button>
</form>
${notUnderstood ? html`<p class="trouble" role="alert">“${notUnderstood}” is neither a number with + and country code nor a mailbox.</p>` : undefined}
<div id="cards" aria-live="polite">${cards.length > 0 ? html`<ul class="cards">${cards.map(card)}</ul>` : nothingYet()}</div>
</main>`
  return pageFrame({ title: 'Patients’ phones', script: 'handsets.js', body, links })
}

function card({ address, messages }: HandsetCard): Markup {
  const latest = messages.at(-1)
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`
  return html`<li><a class="card" href="/phones/${encodeURIComponent(address)}" data-testid="handset" data-address="${address}">
<span class="card-head"><bdi dir="ltr">${spacedAddress(address)}</bdi>${latest && html`<time datetime="${latest.at}">${clockTime(latest.at)}</time>`}</span>
<span class="preview" dir="auto">${latest && gistOf(latest)}</span>
<span class="card-foot">${latest && channelChip(latest.channel)}<span>${count}</span></span>
</a></li>`
}

function nothingYet(): Markup {
  return html`<p class="empty">No message yet. Book a visit in the EMR for a patient who has consented, and a phone appears here.</p>`
}
