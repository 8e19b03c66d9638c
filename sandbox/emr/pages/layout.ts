/** The frame around every page: head, header with its links, main. */
import { type Html, html } from './html.ts'

export interface Links {
  qasidUrl: string
  phonesUrl: string
}

export interface Frame {
  title: string
  current?: 'schedule' | 'patients'
  links: Links
  content: Html
}

export function page({ title, current, links, content }: Frame): string {
  return document(
    title,
    html`<a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href="/"><span class="brand-mark" aria-hidden="true">+</span> Sample Clinic <span class="quiet">EMR</span></a>
      <nav aria-label="Main">
        ${tab('/', 'Schedule', current === 'schedule')}
        ${tab('/patients', 'Patients', current === 'patients')}
      </nav>
      <nav class="outside" aria-label="Other parts of the sandbox">
        <a href="${links.phonesUrl}/">Phones</a>
        <a href="${links.qasidUrl}/health">Qasid health</a>
      </nav>
    </header>
    <main id="main">${content}</main>`,
  )
}

/** A page of one question or one sentence, without the EMR's header. */
export function plainPage(title: string, content: Html): string {
  return document(title, html`<main class="plain card"><h1>${title}</h1>${content}</main>`)
}

function tab(href: string, label: string, isCurrent: boolean): Html {
  return html`<a href="${href}" ${isCurrent ? html`aria-current="page"` : ''}>${label}</a>`
}

function document(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Sample Clinic EMR</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/frame.css">
    <link rel="stylesheet" href="/forms.css">
    <link rel="stylesheet" href="/chart.css">
    <link rel="stylesheet" href="/cds-cards.css">
    <script src="/refresh-chart.js" defer></script>
    <script src="/cds-cards.js" defer></script>
  </head>
  <body>${body}</body>
</html>
`.toString()
}
