/** What all pages of the phones have around them. */
import { html, type Markup } from './markup.ts'

/** Where the other parts of the sandbox are, as far as they are known. */
export interface Links {
  emrUrl?: string
  qasidUrl?: string
}

export function pageFrame(page: { title: string; script?: string; body: Markup; links: Links }): string {
  const { emrUrl, qasidUrl } = page.links
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="/assets/phone.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/phones.css">
<link rel="stylesheet" href="/assets/handset.css">
${page.script ? html`<script src="/assets/${page.script}" type="module"></script>` : undefined}
</head>
<body>
<header class="top">
<a class="brand" href="/"><img src="/assets/phone.svg" alt="" width="28" height="28"> Patients’ phones</a>
<span class="sandbox">Sandbox — no message leaves this computer</span>
<nav aria-label="Other parts of the sandbox">
${emrUrl ? html`<a href="${emrUrl}">Sample EMR</a>` : undefined}
${qasidUrl ? html`<a href="${qasidUrl}/health">Qasid</a>` : undefined}
</nav>
</header>
${page.body}
</body>
</html>`.markup
}
