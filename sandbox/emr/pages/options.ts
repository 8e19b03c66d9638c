/** The options of a select, one of them chosen. */
import { type Html, html } from './html.ts'

export interface Option {
  value: string
  label: string | undefined
}

export function options(list: readonly Option[], chosen?: string): Html {
  return html`${list.map(
    ({ value, label }) =>
      html`<option value="${value}" ${value === chosen && html`selected`}>${label ?? value}</option>`,
  )}`
}
