/** The schedule of a day: a column per location, each in its own zone. */
import type { Appointment, Location } from 'fhir/r4'
import { answerChip, visitChip } from './chips.ts'
import { type Html, html } from './html.ts'
import { actorOf, idOf, patientsOf, titleOf } from './visit.ts'
import { addDays, dateOf, inZone, longDate, timeOf, zoneOf } from './wall-clock.ts'

export interface ScheduleParts {
  date: string
  today: string
  locations: readonly Location[]
  /** All that might fall on this day in any zone. */
  visits: readonly Appointment[]
}

export function scheduleContent({ date, today, locations, visits }: ScheduleParts): Html {
  return html`
    <div class="page-head">
      <div><p class="eyebrow">Schedule</p><h1>${longDate(date)}</h1></div>
      <form method="get" action="/" class="day-picker" aria-label="Choose a day">
        <a class="button" href="/?date=${addDays(date, -1)}" aria-label="Previous day">←</a>
        <label><span class="visually-hidden">Day</span><input type="date" name="date" value="${date}" required></label>
        <button>Show</button>
        <a class="button" href="/?date=${addDays(date, 1)}" aria-label="Next day">→</a>
        ${date !== today && html`<a class="button" href="/">Today</a>`}
      </form>
    </div>
    <div class="columns">
      ${locations.map((location) => column(location, visitsAt(location, date, visits)))}
    </div>`
}

interface Row {
  visit: Appointment
  time: string
}

function visitsAt(location: Location, date: string, visits: readonly Appointment[]): Row[] {
  const rows = visits.flatMap((visit) => {
    const start = inZone(visit.start, zoneOf(location))
    const isHere = actorOf(visit, 'Location')?.reference === `Location/${location.id}`
    return start && isHere && dateOf(start) === date ? [{ visit, time: timeOf(start) }] : []
  })
  return rows.sort((a, b) => a.time.localeCompare(b.time))
}

function column(location: Location, rows: readonly Row[]): Html {
  const count = `${rows.length} ${rows.length === 1 ? 'visit' : 'visits'}`
  return html`<section class="card" aria-labelledby="at-${location.id}">
    <div class="card-head">
      <h2 id="at-${location.id}">${location.name}</h2>
      <p class="quiet">${zoneOf(location)} · ${count}</p>
    </div>
    ${
      rows.length === 0
        ? html`<p class="empty">Nobody is booked here on this day.</p>`
        : html`<ol class="visits">${rows.map(visitRow)}</ol>`
    }
  </section>`
}

function visitRow({ visit, time }: Row): Html {
  const isOff = visit.status === 'cancelled' || visit.status === 'noshow'
  return html`<li class="visit ${isOff ? 'visit-off' : ''}">
    <time datetime="${visit.start}">${time}</time>
    <div class="visit-who">
      ${patientsOf(visit).map(
        ({
          actor,
          status,
        }) => html`<p><a href="/patients/${idOf(actor?.reference)}"><bdi>${actor?.display ?? 'Patient'}</bdi></a>
          ${!isOff && status === 'accepted' && answerChip(status)}</p>`,
      )}
      <p class="quiet">${titleOf(visit)} · <bdi>${actorOf(visit, 'Practitioner')?.display}</bdi></p>
    </div>
    ${visitChip(visit.status)}
  </li>`
}
