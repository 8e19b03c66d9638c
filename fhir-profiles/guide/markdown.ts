/** Markdown as GitHub shows it. Cells and headings are escaped here, and nowhere else. */

/** A heading that a link finds by `anchor`, however its words change. */
export function heading(level: number, text: string, anchor?: string): string {
  const target = anchor ? `<a id="${anchor}"></a>\n\n` : ''
  return `${target}${'#'.repeat(level)} ${text}`
}

/** Columns that are empty in every row are left out. */
export function table(heads: string[], rows: string[][]): string {
  const kept = heads.map((_head, at) => rows.some((row) => row[at]))
  const line = (cells: string[]) => `| ${cells.filter((_cell, at) => kept[at]).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n')
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n+/g, '<br>')
}

export function code(text: string): string {
  return `\`${text}\``
}

/** Shut until somebody opens it. Markdown is not read inside `summary`. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary><code>${summary}</code></summary>\n\n${body}\n\n</details>`
}

export function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, readably, 2)}\n\`\`\``
}

/** What a reader looks for first stands first, whatever the order in the file. */
const first = ['resourceType', 'id', 'meta', 'url', 'system', 'code']

function readably(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const rank = (key: string) => (first.indexOf(key) + first.length + 1) % (first.length + 1)
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)))
}

/** A page is its parts with a line between them. */
export function page(...parts: (string | undefined | false)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}
