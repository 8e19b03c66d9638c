export interface Row {
  what: string
  value: number | string
  yardstick: number | string
  ratio: number | string
  target: string
  ok: boolean
}
