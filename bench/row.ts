/** One row of a report: what was measured, beside what it is measured against, and whether the target is met. */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface Row {
  what: string
  value: number | string
  yardstick: number | string
  ratio: number | string
  target: string
  ok: boolean
}

export function printRows(rows: Row[]): void {
  console.table(rows.map((row) => ({ ...row, ok: row.ok ? 'yes' : 'NO' })))
}

/** To `bench/results/{name}.json`; what the figures hang on stands beside them, and nothing that names the machine. */
export async function writeRows(name: 'bench' | 'chaos', rows: Row[], facts: object = {}): Promise<void> {
  const folder = fileURLToPath(new URL('results/', import.meta.url))
  await mkdir(folder, { recursive: true })
  const about = { when: new Date().toISOString(), cores: availableParallelism(), node: process.version }
  await writeFile(`${folder}${name}.json`, `${JSON.stringify({ ...about, ...facts, rows }, null, 2)}\n`)
}

/** To three digits that count: more is noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
