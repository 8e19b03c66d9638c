/** Cards of decision support, as the EMR shows them: a sentence, what is behind it, and a way into the app. */
import type { CdsCard } from '../cds/cds-client.ts'
import { type Html, html } from './html.ts'

/** Filled by cds-cards.js when the page is there: nobody waits for advice to see a chart. */
export function cardPlace(kind: 'chart' | 'booking', patientId: string): Html {
  return html`<div class="cds-cards" data-cards="/patients/${patientId}/cards/${kind}" aria-live="polite"></div>`
}

/** A SMART link of our own app launches with the context of this chart; another one would be somebody else's app. */
export function cardList(cards: readonly CdsCard[], launchUrl: string, patientId: string): Html {
  return html`${cards.map(
    (card) => html`<article class="cds-card cds-${card.indicator}" data-testid="cds-card">
      <p class="cds-summary" dir="auto">${card.summary}</p>
      ${card.detail && detail(card.detail)}
      <p class="cds-foot"><span class="quiet">${card.source.label}</span>
        ${card.links
          .filter(({ type, url }) => type === 'smart' && url === launchUrl)
          .map(
            ({ label }) =>
              html`<a class="button" href="/patients/${patientId}/launch" dir="auto">${label}</a>`,
          )}
      </p>
    </article>`,
  )}`
}

/** As much of Markdown as cards have: paragraphs, lists and bold words. */
function detail(markdown: string): Html {
  return html`${markdown.split(/\n{2,}/).map((block) => {
    const lines = block.split('\n')
    return lines.every((line) => line.startsWith('- '))
      ? html`<ul dir="auto">${lines.map((line) => html`<li>${bold(line.slice(2))}</li>`)}</ul>`
      : html`<p dir="auto">${bold(lines.join(' '))}</p>`
  })}`
}

function bold(text: string): Html {
  const parts = text.split(/\*\*(.+?)\*\*/)
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<strong>${part}</strong>` : part))}`
}
