/** The rows of a bulk file: to whom, and the values of each. `.csv` with a header, or `.jsonl` with an object per line. */
import type { Entry } from '../../flows/find-recipients.ts'
import { parseCsv } from './csv.ts'
import { UsageError } from './usage.ts'

export const mostRows = 10_000

/** `line` is where the row stands in the file. */
export type Row = Entry & { line: number }

export function readRows(name: string, text: string): Row[] {
  const rows = name.endsWith('.jsonl') || name.endsWith('.ndjson') ? fromJsonLines(text) : fromCsv(text)
  if (rows.length === 0) throw new UsageError('The file has no rows.')
  if (rows.length > mostRows)
    throw new UsageError(`The file has ${rows.length} rows: at most ${mostRows} go at once.`)
  return rows
}

function fromCsv(text: string): Row[] {
  const [header, ...rows] = parseCsv(text) ?? []
  if (!header) throw new UsageError('The file is not CSV: a quote is not closed, or there is nothing in it.')
  const names = header.fields
  const to = names.indexOf('to')
  if (to < 0) throw new UsageError('The first line of the file must name its columns, one of them to.')
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length)
      throw new UsageError(`Line ${line} has ${fields.length} fields, but the header names ${names.length}.`)
    const values = names.map((name, index) => [name, fields[index] ?? ''] as const)
    return {
      line,
      to: fields[to] ?? '',
      parameters: Object.fromEntries(values.filter(([name, value]) => name !== 'to' && value !== '')),
    }
  })
}

function fromJsonLines(text: string): Row[] {
  const lines = text.split(/\r?\n/).map((one, index) => ({ text: one.trim(), line: index + 1 }))
  return lines.filter((one) => one.text !== '').map((one) => fromJsonLine(one))
}

/** `{"to": "Patient/1", "name": "value"}`, or its values under `parameters`. */
function fromJsonLine({ text, line }: { text: string; line: number }): Row {
  const { to, parameters, ...rest } = readObject(text, line)
  const values = typeof parameters === 'object' && parameters !== null ? { ...parameters } : rest
  if (typeof to !== 'string') throw new UsageError(`Line ${line} does not say to whom.`)
  const odd = Object.entries(values).find(([, value]) => typeof value !== 'string')
  if (odd) throw new UsageError(`Line ${line} has a value that is not a text.`)
  return { line, to, parameters: values as Record<string, string> }
}

function readObject(text: string, line: number): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch {
    // Said below, without quoting the line.
  }
  throw new UsageError(`Line ${line} is not a JSON object.`)
}
