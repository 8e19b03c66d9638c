/** The list of patients, narrowed by a word of the name, a number or a mailbox. */
import type { Patient } from 'fhir/r4'
import type { Stored } from '../repository.ts'
import { chip } from './chips.ts'
import { type Html, html } from './html.ts'
import { ageOn, displayName, initials, languagesOf } from './person.ts'

const most = 60

export function patientsContent(patients: readonly Stored<Patient>[], query: string, today: string): Html {
  const found = patients
    .filter((patient) => matches(patient, query))
    .sort((a, b) => displayName(a).localeCompare(displayName(b)))
  return html`
    <div class="page-head">
      <div><p class="eyebrow">Patients</p><h1>${found.length} ${query ? 'found' : 'in this clinic'}</h1></div>
      <form method="get" action="/patients" role="search" class="day-picker">
        <label><span class="visually-hidden">Name, number or mailbox</span>
          <input type="search" name="q" value="${query}" placeholder="Name, number or mailbox"></label>
        <button class="primary">Search</button>
      </form>
    </div>
    <section class="card">
      ${
        found.length === 0
          ? html`<p class="empty">No patient matches. Try part of a name, or the last digits of a number.</p>`
          : html`<ul class="people">${found.slice(0, most).map((patient) => row(patient, today))}</ul>`
      }
      ${found.length > most && html`<p class="empty">${found.length - most} more: search to narrow the list.</p>`}
    </section>`
}

function row(patient: Stored<Patient>, today: string): Html {
  const age = ageOn(today, patient.birthDate)
  const facts = [age === undefined ? undefined : `${age} years`, patient.gender, languagesOf(patient)]
  return html`<li><a class="person" href="/patients/${patient.id}">
    <span class="avatar" aria-hidden="true">${initials(patient)}</span>
    <span class="person-name"><bdi>${displayName(patient)}</bdi><span class="quiet">${facts.filter(Boolean).join(' · ')}</span></span>
    <span class="quiet"><bdi>${patient.telecom?.[0]?.value ?? 'No phone or mailbox'}</bdi></span>
    ${isDeceased(patient) && chip('Deceased', 'off')}
  </a></li>`
}

export function isDeceased(patient: Patient): boolean {
  return patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined
}

function matches(patient: Patient, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return true
  const addresses = (patient.telecom ?? []).flatMap(({ value }) => value ?? [])
  const digits = wanted.replace(/[\s()+-]/g, '')
  return (
    displayName(patient).toLowerCase().includes(wanted) ||
    addresses.some((address) => address.toLowerCase().includes(wanted)) ||
    (/^\d{3,}$/.test(digits) && addresses.some((address) => address.replace(/\D/g, '').includes(digits)))
  )
}
