/** One line of what a bench tells: what was measured, beside what it is measured against. */
export interface Row {
  what: string
  value: number | string
  yardstick: number | string
  ratio: number | string
  target: string
  ok: boolean
}
