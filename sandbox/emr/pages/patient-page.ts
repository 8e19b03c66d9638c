/** A patient's chart: who it is, the coming visits, a form for the next one, and what has lately been written. */
import type {
  Appointment,
  AppointmentResponse,
  Consent,
  Location,
  Patient,
  Practitioner,
  Task,
} from 'fhir/r4'
import type { Like } from '../likes/like.ts'
import type { Stored } from '../repository.ts'
import type { LaunchableApp } from '../smart/smart-server.ts'
import { cardPlace } from './cds-cards.ts'
import { activityPanel, consentPanel } from './chart-panels.ts'
import { chip } from './chips.ts'
import { type Html, html } from './html.ts'
import { options } from './options.ts'
import { isDeceased } from './patients-page.ts'
import { ageOn, displayName, initials, languagesOf } from './person.ts'
import { actorOf, idOf } from './visit.ts'
import { bookingPanel, visitPanel } from './visit-panels.ts'

export interface Chart {
  patient: Stored<Patient>
  visits: readonly Stored<Appointment>[]
  consents: readonly Stored<Consent>[]
  responses: readonly Stored<AppointmentResponse>[]
  tasks: readonly Stored<Task>[]
}

export interface PatientPageParts {
  chart: Chart
  locations: readonly Stored<Location>[]
  practitioners: readonly Stored<Practitioner>[]
  /** Milliseconds: what lies before is no coming visit. */
  now: number
  notice?: string
  /** undefined: this host launches no apps. */
  apps: readonly LaunchableApp[] | undefined
  /** What this host has, and so shows. */
  like: Like
}

export function patientContent(parts: PatientPageParts): Html {
  const { chart, locations, practitioners, now, apps } = parts
  const has = (type: string) => type in parts.like.types
  const latest = chart.visits.at(-1)
  const usual = {
    location: latest && idOf(actorOf(latest, 'Location')?.reference),
    practitioner: latest && idOf(actorOf(latest, 'Practitioner')?.reference),
  }
  const today = new Date(now).toISOString().slice(0, 10)
  return html`
    ${parts.notice && html`<p class="notice" role="status">${parts.notice}</p>`}
    ${banner(chart.patient, today, launchForm({ id: chart.patient.id, practitioners, usual: usual.practitioner, apps }))}
    ${cardPlace('chart', chart.patient.id)}
    <div class="chart">
      <div class="chart-main">
        ${visitPanel(chart.visits, locations, chart.patient.id, now)}
        ${bookingPanel({ patientId: chart.patient.id, locations, practitioners, usual, now })}
      </div>
      <div class="chart-side">
        ${detailsPanel(chart.patient)}
        ${has('Consent') && consentPanel(chart.consents)}
        ${(has('AppointmentResponse') || has('Task')) && activityPanel(chart.responses, chart.tasks)}
      </div>
    </div>`
}

function banner(patient: Stored<Patient>, today: string, launch: Html): Html {
  const age = ageOn(today, patient.birthDate)
  const facts = [patient.birthDate, age === undefined ? undefined : `${age} years`, patient.gender]
  return html`<div class="page-head patient-banner">
    <div class="who">
      <span class="avatar avatar-large" aria-hidden="true">${initials(patient)}</span>
      <div>
        <h1><bdi>${displayName(patient)}</bdi></h1>
        <p class="quiet">${facts.filter(Boolean).join(' · ')} ${isDeceased(patient) && chip('Deceased', 'off')}
          ${patient.active === false && chip('Inactive', 'off')}</p>
      </div>
    </div>
    ${launch}
  </div>`
}

interface LaunchParts {
  id: string
  practitioners: readonly Stored<Practitioner>[]
  usual: string | undefined
  apps: PatientPageParts['apps']
}

function launchForm({ id, practitioners, usual, apps }: LaunchParts): Html {
  if (!apps) return noLaunch('This EMR has no SMART server, so it opens no apps.')
  if (apps.length === 0) return noLaunch('No app is registered with this EMR yet.')
  const people = practitioners.map((one) => ({ value: one.id, label: displayName(one) }))
  return html`<form method="get" action="/patients/${id}/launch" class="launch">
    <label>Signed in as <select name="practitioner">${options(people, usual)}</select></label>
    ${apps.map(
      (
        { clientId, name },
        index,
      ) => html`<button class="${index === 0 ? 'primary' : ''}" name="app" value="${clientId}"
        data-testid="${index === 0 ? 'launch-messages' : `launch-${clientId}`}">
        Launch ${apps.length === 1 ? 'Messages' : name}</button>`,
    )}
  </form>`
}

function noLaunch(because: string): Html {
  return html`<p class="quiet launch" data-testid="no-launch">${because}</p>`
}

function detailsPanel(patient: Patient): Html {
  const telecom = patient.telecom ?? []
  return html`<section class="card" aria-labelledby="details">
    <div class="card-head"><h2 id="details">Details</h2></div>
    <dl class="facts">
      <div><dt>Language</dt><dd>${languagesOf(patient) || 'Not known'}</dd></div>
      ${telecom.map(
        ({ system, use, value, period }) => html`<div><dt>${[use, system].filter(Boolean).join(' ')}</dt>
          <dd><bdi>${value}</bdi> ${period?.end && chip(`until ${period.end.slice(0, 10)}`, 'off')}</dd></div>`,
      )}
      ${telecom.length === 0 && html`<div><dt>Contact</dt><dd>No phone or mailbox</dd></div>`}
      ${patient.identifier?.[0]?.value && html`<div><dt>Record</dt><dd>${patient.identifier[0].value}</dd></div>`}
    </dl>
  </section>`
}
