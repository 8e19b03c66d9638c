/**
 * `qasid bulk`: one message per row of a file. Everyone is judged before the first request is written; the same file with
 * the same options is the same call, so a run that was cut off is completed by running it again.
 */
import type { World } from '../../flows/ports.ts'
import { digest, inOrder } from '../../http/api/call-identity.ts'
import { writeOrder } from '../message-desk.ts'
import { type Answer, answerWritten } from './answer.ts'
import { type Row, readRows } from './bulk-rows.ts'
import {
  type Given,
  onlyPositional,
  orderOptions,
  readOrder,
  readValues,
  textOf,
  UsageError,
} from './usage.ts'

export const bulkOptions = { ...orderOptions, set: { type: 'string', multiple: true } } as const

export async function bulk(
  given: Given,
  openWorld: () => Promise<World>,
  readText: (path: string) => Promise<string>,
): Promise<Answer> {
  const path = onlyPositional(given, 'one file: rows.csv or rows.jsonl')
  const rows = readRows(path, await readText(path))
  const shared = readValues(given) ?? {}
  refuseValuesWithoutTemplate(given, rows)
  // Checked as an order to the first of them; the others are judged one by one.
  const { to: _first, key, ...order } = readOrder(given, { to: [rows[0]?.to || '-'] })
  const entries = rows.map(({ to, parameters }) => ({ to, parameters: { ...shared, ...parameters } }))
  const body = digest(inOrder({ order, entries }))
  const written = await writeOrder(await openWorld(), {
    ...{ order, entries },
    call: { key: digest(key ?? body), body },
  })
  const answer = answerWritten(written, (to) => nameIn(rows, to))
  const again = written.kind === 'written' && !written.isNew && key === undefined
  return again
    ? { ...answer, lines: [...answer.lines, 'To send it to all of them once more, give a --key.'] }
    : answer
}

/** Where it stands in the file; who stands there twice may be refused for both lines. */
function nameIn(rows: Row[], to: string | number): string {
  if (typeof to === 'number') return `line ${rows[to - 1]?.line}`
  const lines = rows.filter((row) => row.to === to).map(({ line }) => line)
  return lines.length > 0 ? `line ${lines.join(' and ')}, ${to}` : to
}

/** Whoever gave them expects to read them in the message. */
function refuseValuesWithoutTemplate(given: Given, rows: Row[]): void {
  if (textOf(given, 'template') !== undefined) return
  const names = new Set(rows.flatMap(({ parameters }) => Object.keys(parameters)))
  const said = [...names].filter((name) => /^[\w-]{1,40}$/.test(name)).join(', ')
  if (names.size > 0)
    throw new UsageError(
      `The file has values${said && ` (${said})`}, which only a template takes: name one with --template, or leave them out.`,
    )
}
