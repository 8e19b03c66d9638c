/**
 * A tagged template for HTML: every value is escaped, unless it came out of this template itself. Lists are joined,
 * `undefined` and `false` leave nothing.
 */
declare const htmlBrand: unique symbol

export interface Html {
  readonly [htmlBrand]: true
  toString(): string
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[]

class Markup {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const text = strings.reduce((before, part, index) => `${before}${toText(values[index - 1])}${part}`)
  return new Markup(text) as unknown as Html
}

function toText(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Markup) return value.toString()
  if (Array.isArray(value)) return value.map(toText).join('')
  return escapeHtml(String(value))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
