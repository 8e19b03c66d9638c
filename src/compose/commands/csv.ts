/**
 * Rows of a CSV file, as spreadsheets write them (RFC 4180): commas, or semicolons where the first line has no comma;
 * quotes around fields that hold them; quotes doubled within. A byte order mark and empty lines are passed over.
 */

/** Fields of each row with the number of the line that it begins on; `undefined` where a quote is never closed. */
export function parseCsv(text: string): { line: number; fields: string[] }[] | undefined {
  const source = text.replace(/^\uFEFF/, '')
  const separator = /^[^\n"]*;/.test(source) && !/^[^\n]*,/.test(source) ? ';' : ','
  const rows: { line: number; fields: string[] }[] = []
  let fields: string[] = []
  let [line, begun, at] = [1, 1, 0]
  while (at < source.length) {
    const field = readField(source, at, separator)
    if (!field) return undefined
    fields.push(field.text)
    line += field.text.split('\n').length - 1
    at = field.end
    if (source[at] === separator) {
      at += 1
      // A separator at the very end is followed by an empty field.
      if (at < source.length) continue
      fields.push('')
    }
    if (fields.some((one) => one !== '')) rows.push({ line: begun, fields })
    fields = []
    at += source.startsWith('\r\n', at) ? 2 : 1
    line += 1
    begun = line
  }
  return rows
}

function readField(
  source: string,
  from: number,
  separator: string,
): { text: string; end: number } | undefined {
  if (source[from] !== '"') {
    const end = ends(source, from, separator)
    return { text: source.slice(from, end).trim(), end }
  }
  const quoted = /"((?:[^"]|"")*)"/y
  quoted.lastIndex = from
  const found = quoted.exec(source)
  if (!found) return undefined
  const end = ends(source, quoted.lastIndex, separator)
  // Something after the closing quote: it was none.
  if (source.slice(quoted.lastIndex, end).trim() !== '') return undefined
  return { text: (found[1] ?? '').replaceAll('""', '"'), end }
}

function ends(source: string, from: number, separator: string): number {
  const end = new RegExp(`${separator}|\r?\n`, 'g')
  end.lastIndex = from
  return end.exec(source)?.index ?? source.length
}
