/** HTML as a template tag. Everything put in is escaped, unless it was made by the tag itself. */

export interface Markup {
  readonly markup: string
}

type Piece = string | number | undefined | false | Markup | readonly Markup[]

export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return { markup: String.raw({ raw: strings }, ...pieces.map(render)) }
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'object') return 'markup' in piece ? piece.markup : piece.map(render).join('')
  return escapeHtml(String(piece))
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
