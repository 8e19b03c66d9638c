/** Coming visits with their Move and Cancel, and the form that books another. */
import type { Appointment, Location, Practitioner } from 'fhir/r4'
import type { Stored } from '../repository.ts'
import { cardPlace } from './cds-cards.ts'
import { answerChip, visitChip } from './chips.ts'
import { type Html, html } from './html.ts'
import { options } from './options.ts'
import { displayName } from './person.ts'
import { actorOf, idOf, isOpen, patientsOf, titleOf, visitServices } from './visit.ts'
import { addDays, dateOf, inZone, longDate, timeOf, zoneOf } from './wall-clock.ts'

export function visitPanel(
  visits: readonly Stored<Appointment>[],
  locations: readonly Stored<Location>[],
  patientId: string,
  now: number,
): Html {
  const coming = visits.filter(({ start }) => start !== undefined && Date.parse(start) >= now)
  return html`<section class="card" aria-labelledby="visits" data-live="visits">
    <div class="card-head"><h2 id="visits">Coming visits</h2></div>
    ${
      coming.length === 0
        ? html`<p class="empty">No visit is planned. Book one below.</p>`
        : html`<ul class="visits">${coming.map((visit) => item(visit, locations, patientId))}</ul>`
    }
  </section>`
}

function item(visit: Stored<Appointment>, locations: readonly Stored<Location>[], patientId: string): Html {
  const place = actorOf(visit, 'Location')
  const zone = zoneOf(locations.find(({ id }) => id === idOf(place?.reference)))
  const start = inZone(visit.start, zone)
  const date = start ? dateOf(start) : ''
  const time = start ? timeOf(start) : ''
  const own = patientsOf(visit).find(({ actor }) => idOf(actor?.reference) === patientId)
  return html`<li class="visit visit-card ${visit.status === 'cancelled' ? 'visit-off' : ''}" id="visit-${visit.id}" data-visit="${visit.id}">
    <div class="visit-line">
      <div class="visit-who">
        <p class="visit-when"><span>${date && longDate(date)}, <time datetime="${visit.start}">${time}</time></span> <span class="quiet">${zone}</span></p>
        <p class="quiet">${[titleOf(visit), actorOf(visit, 'Practitioner')?.display, place?.display].filter(Boolean).join(' · ')}</p>
      </div>
      <div class="chips">${visitChip(visit.status)}${own && isOpen(visit) && answerChip(own.status)}</div>
    </div>
    ${isOpen(visit) && actions(visit.id, patientId, date, time)}
  </li>`
}

function actions(visitId: string, patientId: string, date: string, time: string): Html {
  const base = `/patients/${patientId}/visits/${visitId}`
  return html`<div class="visit-actions">
    <form method="post" action="${base}/move" aria-label="Move the visit of ${date}, ${time}">
      <label><span class="visually-hidden">New day</span><input type="date" name="date" value="${date}" required></label>
      <label><span class="visually-hidden">New time</span><input type="time" name="time" value="${time}" required></label>
      <button data-testid="move-visit">Move</button>
    </form>
    <form method="post" action="${base}/cancel" aria-label="Cancel the visit of ${date}, ${time}">
      <label><span class="visually-hidden">Who cancels</span><select name="reason">
        <option value="pat">Patient asked</option><option value="prov">Clinic asks</option>
      </select></label>
      <button class="danger" data-testid="cancel-visit">Cancel visit</button>
    </form>
  </div>`
}

export interface BookingParts {
  patientId: string
  locations: readonly Stored<Location>[]
  practitioners: readonly Stored<Practitioner>[]
  /** Ids chosen at first: where and by whom this patient is usually seen. */
  usual: { location?: string; practitioner?: string }
  now: number
}

export function bookingPanel({ patientId, locations, practitioners, usual, now }: BookingParts): Html {
  const places = locations.map((one) => ({ value: one.id, label: `${one.name} (${zoneOf(one)})` }))
  const people = practitioners.map((one) => ({ value: one.id, label: displayName(one) }))
  const kinds = visitServices.map((one) => ({ value: one, label: one }))
  return html`<section class="card" aria-labelledby="book">
    <div class="card-head"><h2 id="book">Book a visit</h2></div>
    <form method="post" action="/patients/${patientId}/visits" class="grid-form">
      <label>Location <select name="location" required>${options(places, usual.location)}</select></label>
      <label>Practitioner <select name="practitioner" required>${options(people, usual.practitioner)}</select></label>
      <label>Service <select name="service" required>${options(kinds)}</select></label>
      <label>Day <input type="date" name="date" value="${tomorrowAt(locations[0], now)}" required></label>
      <label>Time <span class="hint">on the location’s clock</span> <input type="time" name="time" value="10:00" required></label>
      ${cardPlace('booking', patientId)}
      <button class="primary" data-testid="book-visit">Book visit</button>
    </form>
  </section>`
}

function tomorrowAt(location: Location | undefined, now: number): string {
  const moment = inZone(new Date(now).toISOString(), zoneOf(location))
  return moment ? addDays(dateOf(moment), 1) : ''
}
