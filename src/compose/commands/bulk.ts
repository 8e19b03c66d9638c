/**
 * `qasid bulk`: one message per row of a file. Everyone is judged before the first request is written; the same file with
 * the same options is the same call, so a run that was cut off is completed by running it again.
 */
import type { World } from '../../flows/ports.ts'
import { digest, inOrder } from '../../http/api/call-identity.ts'
import { writeOrder } from '../message-desk.ts'
import { type Answer, answerWritten } from './answer.ts'
import { readRows } from './bulk-rows.ts'
import { type Given, onlyPositional, orderOptions, readOrder, readValues } from './usage.ts'

export const bulkOptions = { ...orderOptions, set: { type: 'string', multiple: true } } as const

export async function bulk(
  given: Given,
  openWorld: () => Promise<World>,
  readText: (path: string) => Promise<string>,
): Promise<Answer> {
  const path = onlyPositional(given, 'one file: rows.csv or rows.jsonl')
  const rows = readRows(path, await readText(path))
  const shared = readValues(given) ?? {}
  // Checked as an order to the first of them; the others are judged one by one.
  const { to: _first, key, ...order } = readOrder(given, { to: [rows[0]?.to || '-'] })
  const entries = rows.map(({ to, parameters }) => ({ to, parameters: { ...shared, ...parameters } }))
  const body = digest(inOrder({ order, entries }))
  const written = await writeOrder(await openWorld(), {
    ...{ order, entries },
    call: { key: digest(key ?? body), body },
  })
  const answer = answerWritten(written, (place) => `line ${rows[place - 1]?.line}`)
  const again = written.kind === 'written' && !written.isNew && key === undefined
  return again
    ? { ...answer, lines: [...answer.lines, 'To send it to all of them once more, give a --key.'] }
    : answer
}
