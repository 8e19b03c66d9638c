/** Small coloured words for states. The colour repeats what the word says. */
import type { Appointment, AppointmentParticipant } from 'fhir/r4'
import { type Html, html } from './html.ts'

type Tone = 'good' | 'calm' | 'wait' | 'bad' | 'off'

const visitStates: Partial<Record<Appointment['status'], { word: string; tone: Tone }>> = {
  proposed: { word: 'Proposed', tone: 'wait' },
  pending: { word: 'Pending', tone: 'wait' },
  booked: { word: 'Booked', tone: 'calm' },
  arrived: { word: 'Arrived', tone: 'good' },
  'checked-in': { word: 'Checked in', tone: 'good' },
  fulfilled: { word: 'Done', tone: 'off' },
  cancelled: { word: 'Cancelled', tone: 'bad' },
  noshow: { word: 'Did not come', tone: 'bad' },
}

const answers: Record<AppointmentParticipant['status'], { word: string; tone: Tone }> = {
  accepted: { word: 'Confirmed by patient', tone: 'good' },
  declined: { word: 'Declined by patient', tone: 'bad' },
  tentative: { word: 'Patient is unsure', tone: 'wait' },
  'needs-action': { word: 'Not yet confirmed', tone: 'off' },
}

export function visitChip(status: Appointment['status']): Html {
  const { word, tone } = visitStates[status] ?? { word: status, tone: 'off' as const }
  return chip(word, tone)
}

export function answerChip(status: AppointmentParticipant['status']): Html {
  const { word, tone } = answers[status]
  return chip(word, tone)
}

export function chip(word: string, tone: Tone): Html {
  return html`<span class="chip chip-${tone}">${word}</span>`
}
