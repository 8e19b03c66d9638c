/** What others wrote into the chart: consents to messaging, answers to visits, work for staff. */
import type { AppointmentResponse, Consent, Task } from 'fhir/r4'
import { naming } from '../../../src/fhir/codes.ts'
import type { Stored } from '../repository.ts'
import { answerChip, chip } from './chips.ts'
import { type Html, html } from './html.ts'
import { shortStamp } from './wall-clock.ts'

const most = 8

export function consentPanel(consents: readonly Stored<Consent>[]): Html {
  return html`<section class="card" aria-labelledby="consents" data-live="consents">
    <div class="card-head"><h2 id="consents">Consent to messages</h2></div>
    ${
      consents.length === 0
        ? html`<p class="empty">No consent is on file.</p>`
        : html`<ul class="entries">${consents.map(consentEntry)}</ul>`
    }
  </section>`
}

function consentEntry(consent: Stored<Consent>): Html {
  const key = consent.identifier?.find(({ system }) => system === naming.consentAddress)?.value ?? ''
  const [channel, address] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  const isDeny = consent.provision?.type === 'deny'
  const isActive = consent.status === 'active'
  return html`<li class="${isActive ? '' : 'entry-off'}">
    <div><p>${channelNames[channel] ?? 'All messages'} <bdi class="quiet">${address}</bdi></p>
      <p class="quiet">${shortStamp(consent.dateTime ?? consent.meta?.lastUpdated)} UTC</p></div>
    <div class="chips">${chip(isDeny ? 'Denied' : 'Permitted', isActive ? (isDeny ? 'bad' : 'good') : 'off')}
      ${!isActive && chip(consent.status, 'off')}</div>
  </li>`
}

const channelNames: Record<string, string> = { sms: 'SMS', whatsapp: 'WhatsApp', email: 'E-mail' }

export function activityPanel(
  responses: readonly Stored<AppointmentResponse>[],
  tasks: readonly Stored<Task>[],
): Html {
  const entries = [
    ...responses.map((one) => ({ at: one.meta?.lastUpdated ?? '', shown: responseEntry(one) })),
    ...tasks.map((one) => ({ at: one.meta?.lastUpdated ?? '', shown: taskEntry(one) })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  return html`<section class="card" aria-labelledby="activity" data-live="activity">
    <div class="card-head"><h2 id="activity">Latest in the chart</h2></div>
    ${
      entries.length === 0
        ? html`<p class="empty">No answers to visits and no tasks yet. They appear here when the patient writes back.</p>`
        : html`<ul class="entries">${entries.slice(0, most).map(({ shown }) => shown)}</ul>`
    }
  </section>`
}

function responseEntry(response: Stored<AppointmentResponse>): Html {
  return html`<li>
    <div><p>Answer to a visit</p><p class="quiet">${shortStamp(response.meta?.lastUpdated)} UTC</p></div>
    ${answerChip(response.participantStatus)}
  </li>`
}

function taskEntry(task: Stored<Task>): Html {
  const code = task.code?.coding?.[0]
  return html`<li>
    <div><p>Task: ${task.code?.text ?? code?.display ?? code?.code ?? task.description ?? 'for staff'}</p>
      <p class="quiet">${shortStamp(task.meta?.lastUpdated)} UTC</p></div>
    ${chip(task.status, task.status === 'completed' ? 'off' : 'wait')}
  </li>`
}
