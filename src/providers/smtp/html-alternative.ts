/**
 * The same words once more as HTML. Plain text has no direction; here each paragraph takes its own from its first strong
 * letter, so that Arabic reads from the right.
 */

export function toHtml(text: string): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => `<p dir="auto">${escaped(paragraph).replaceAll('\n', '<br>\n')}</p>`)
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8"></head>',
    `<body dir="auto">\n${paragraphs.join('\n')}\n</body></html>`,
  ].join('\n')
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? '')
}
