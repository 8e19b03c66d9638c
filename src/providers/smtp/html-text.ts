/** The words of an HTML mail, for programs that send no others. Quoted blocks get the mark that plain text has for them. */

/** In characters; what lies beyond is not read. */
const longest = 500_000

export function htmlToText(html: string): string {
  const lines: string[] = ['']
  // Known of each line as it grows: asked anew at every tag, a line that only grows would take hours.
  let hasWords = false
  const said = (text: string) => {
    lines.push(`${lines.pop() ?? ''}${text}`)
    hasWords ||= /[^>\s]/.test(text)
  }
  let quoted = 0
  const startLine = () => {
    // One mark for a quote in a quote too: all of it is of others.
    lines.push(quoted > 0 ? '> ' : '')
    hasWords = false
  }
  let hidden: string | undefined
  for (const [piece] of withoutComments(html.slice(0, longest)).matchAll(/<[^<>]*>|[^<]+|</g)) {
    const [, slash, tag = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(piece) ?? []
    const name = tag.toLowerCase()
    if (hidden) {
      if (slash && name === hidden) hidden = undefined
    } else if (/^<[!?]/.test(piece)) continue
    else if (!name) said(decoded(piece.replace(/\s+/g, ' ')))
    else if (unseen.includes(name) && !slash) hidden = name
    else if (name === 'blockquote') {
      quoted = Math.max(0, quoted + (slash ? -1 : 1))
      startLine()
      // Blocks within blocks begin one line, not many.
    } else if (name === 'br' || (hasWords && blocks.includes(name))) startLine()
    if (name === 'p' && slash) startLine()
  }
  return lines
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** By hand: a pattern would begin anew at each of a thousand comments without an end. */
function withoutComments(html: string): string {
  const [before = '', ...rest] = html.split('<!--')
  const after = rest.map((part) => (part.includes('-->') ? part.slice(part.indexOf('-->') + 3) : ''))
  return [before, ...after].join('')
}

const unseen = ['style', 'script', 'head', 'title', 'template']
const blocks = ['p', 'div', 'tr', 'li', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'pre']

const named: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', ndash: '–', mdash: '—' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', euro: '€', copy: '©' },
  ...{ zwnj: '\u200c', zwj: '\u200d', lrm: '\u200e', rlm: '\u200f', shy: '' },
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name) return named[name.toLowerCase()] ?? whole
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
