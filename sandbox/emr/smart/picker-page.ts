/** The one page of a standalone launch: who are you, and whose chart? */
import type { Patient, Practitioner } from 'fhir/r4'
import { type Html, html } from '../pages/html.ts'
import { plainPage } from '../pages/layout.ts'
import { options } from '../pages/options.ts'
import { displayName } from '../pages/person.ts'
import type { Stored } from '../repository.ts'

export interface PickerParts {
  practitioners: readonly Stored<Practitioner>[]
  /** Empty when no patient is asked for. */
  patients: readonly Stored<Patient>[]
  action: string
}

export function pickerPage({ practitioners, patients, action }: PickerParts): string {
  return plainPage(
    'Open an app',
    html`<form method="post" action="${action}" class="stack">
      <label>Signed in as ${select('practitioner', practitioners)}</label>
      ${patients.length > 0 ? html`<label>Patient ${select('patient', patients)}</label>` : ''}
      <button class="primary">Continue</button>
    </form>`,
  )
}

function select(name: string, people: readonly (Stored<Patient> | Stored<Practitioner>)[]): Html {
  const list = people.map((person) => ({ value: person.id, label: displayName(person) }))
  list.sort((a, b) => a.label.localeCompare(b.label))
  return html`<select name="${name}" required>${options(list)}</select>`
}
