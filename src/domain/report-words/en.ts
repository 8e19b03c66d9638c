/**
 * English, for the capability report; the other languages have this shape, so that a missing sentence does not compile.
 * `{}` takes the detail. A sentence under a detail's own name stands before that of the way.
 */

import type { Rung, RungChoice } from '../change-feed.ts'
import type { Channel } from '../channel.ts'

const rows = {
  launch: {
    native: 'Clinicians open Messages inside the chart.',
    unregistered:
      'The app is not registered yet: reminders and answers work, and nobody can open Messages from the chart.',
    impossible:
      'The EMR launches no apps: reminders and answers work, and nobody can open Messages from the chart.',
    missing: 'Reminders and answers work, and nobody can open Messages from the chart.',
  },
  visits: {
    native: 'Visits are found by their day, so a full sweep each night finds whatever was missed.',
    'visits-by-location': 'The EMR finds visits only place by place: all of them are asked for in turn.',
    'visits-by-practitioner':
      'The EMR finds visits only clinician by clinician: all of them are asked for in turn.',
    'visits-by-patient':
      'The EMR finds visits only patient by patient: those with a messaging consent are asked for in turn.',
    polled: 'The EMR finds visits only piece by piece: all the pieces are asked for in turn.',
    missing: 'Visits cannot be found.',
  },
  'conditional-create': {
    native: 'The server itself sees to it that nothing is written twice.',
    polled:
      'The server does not see to it that nothing is written twice: each message is looked for before and after.',
  },
  batch: {
    native: 'Many questions go in one request.',
    missing: 'Each question is a request of its own: campaigns are slower and cost the server more.',
  },
  'write-back': {
    native: 'What was said is told to the EMR too, as a Communication.',
    missing: 'What was said cannot be told to the EMR: it takes no Communication about a patient.',
  },
  scopes: { missing: 'Not granted: {}. What needs them is left out.' },
  channels: {
    native: 'Messages go by {}.',
    missing: 'No sender is configured: nothing can be sent.',
  },
  profiles: {
    native:
      'Qasid’s profiles, codes and value sets stand there ({}): other software can check and read our records.',
    missing: 'The server has none of Qasid’s profiles: {}. Nothing of ours depends on them.',
  },
  redis: {
    native: 'Redis answers.',
    missing: 'Redis does not answer: nothing is sent until it does, and nothing is lost.',
  },
  keys: {
    native: 'The EMR can fetch our public keys at {}.',
    missing:
      'Our public keys cannot be fetched at {}: is qasid serve up, and QASID_BASE_URL its public address?',
  },
  subscriptions: {
    native: 'Our Subscriptions at the EMR are active ({}).',
    missing:
      'Of our Subscriptions at the EMR {} are active: qasid work makes them, and mends them within minutes.',
  },
  Patient: {
    native: 'Names, numbers and languages come from the EMR’s charts.',
    missing: 'Nobody can be written to.',
  },
  Appointment: {
    native: 'Visits come from the EMR’s schedule.',
    missing: 'There is nothing to remind of.',
  },
  Practitioner: {
    native: 'Reminders name the clinician.',
    missing: 'Reminders name no clinician.',
  },
  Location: {
    native: 'Reminders name the place, and its time zone is used.',
    missing: 'Reminders name no place, and the clinic’s own time zone is used.',
  },
  Consent: {
    native: 'Consents are read and kept in the EMR; STOP changes them there.',
    sidecar:
      'STOP and new permits are kept in the store; consents that the EMR shows are obeyed beside them.',
    missing: 'Consents can be kept nowhere, so nothing may be sent.',
  },
  Communication: {
    native: 'Everything said is in the EMR’s chart.',
    sidecar: 'Everything said is in the store, and seen in Messages.',
    missing: 'What is said can be kept nowhere.',
  },
  CommunicationRequest: {
    native: 'What is planned is in the EMR.',
    sidecar: 'What is planned is in the store, and seen in Messages.',
    missing: 'What is planned can be kept nowhere.',
  },
  DocumentReference: {
    native: 'Documents of the chart can be sent.',
    missing: 'Documents of the chart cannot be sent.',
  },
  Binary: {
    native: 'Pictures and files that patients send are kept.',
    sidecar: 'Pictures and files that patients send are kept in the store.',
    missing: 'Files that patients send cannot be kept: staff see that there was one.',
  },
  AppointmentResponse: {
    native: 'A patient’s yes or no is in the EMR’s schedule.',
    sidecar: 'A patient’s yes or no is kept in the store; a no becomes a Task for staff.',
    missing: 'A patient’s yes or no cannot be kept as such: the message says it, and a no becomes a Task.',
  },
  Task: {
    native: 'Work for staff is a Task in the EMR.',
    sidecar: 'Work for staff is a Task in the store, and seen in Messages.',
    missing: 'Work for staff can be kept nowhere.',
  },
  Provenance: {
    native: 'Why a consent changed is kept in the EMR.',
    sidecar: 'Why a consent changed is kept in the store.',
    missing: 'Why a consent changed can be kept nowhere.',
  },
  AuditEvent: {
    native: 'What was sent, received and blocked is in the EMR’s audit.',
    sidecar: 'What was sent, received and blocked is audited in the store.',
    missing: 'What was sent can be audited nowhere.',
  },
  ActivityDefinition: {
    native: 'Templates are kept in the EMR.',
    sidecar: 'Templates are kept in the store.',
    missing: 'Templates can be kept nowhere.',
  },
  Basic: {
    native: 'The clinic’s settings are kept in the EMR.',
    sidecar: 'The clinic’s settings are kept in the store.',
    missing: 'The clinic’s settings can be kept nowhere.',
  },
}

/** What an admin does about a thing that is missing. */
const remedies = {
  /** Of what only the EMR has. */
  reading: 'Let Qasid read and search {} in the EMR, then run qasid doctor.',
  /** Of what is ours to keep. */
  keeping: 'Let Qasid keep {} there, or give another store with qasid install --store.',
  launch:
    'Register the app: qasid install does it where the EMR lets it, and else says what to type into the EMR’s form.',
  impossible: 'Ask the EMR’s vendor for SMART app launch; until then nothing needs to be done.',
  visits: 'Let Qasid search Appointment by date, or by patient, then run qasid doctor.',
  batch: 'Nothing has to be done. A store that takes batches makes campaigns faster.',
  'write-back': 'Let Qasid create Communication in the EMR, or take writeBack out of the install file.',
  scopes: 'Have the EMR’s administrator grant them to Qasid’s client, then run qasid doctor.',
  channels: 'Add a sender to the install file and start Qasid again.',
  profiles: 'Nothing has to be done. Where it lets Qasid write them, qasid install does.',
  redis: 'Start Redis, or correct REDIS_URL.',
  keys: 'Start qasid serve where the EMR can reach it, and set QASID_BASE_URL to that address.',
  subscriptions: 'See that qasid work runs; what it could not do is in its log.',
}

const how: Record<Rung, string> = {
  topic: 'The host tells us of every change by a topic Subscription',
  criteria: 'The host tells us of every change by a Subscription',
  poll: 'We ask the host every minute what changed',
  window: 'We read the schedule of the next 30 days every few minutes and compare',
  off: 'Nobody tells us of changes; what is due is found by its time',
}

const because: Record<RungChoice['because'][number], string> = {
  'no-subscriptions': 'it takes no Subscriptions',
  'no-topic': 'it lists no topic that fits',
  'no-last-updated': 'it cannot be asked by _lastUpdated',
  refused: 'it refused what is better',
  'given-up': 'it gave up on our Subscription again and again',
  'never-active': 'it did not make our Subscription active',
  dead: 'its Subscription was active and told nothing',
}

const channels: Record<Channel, string> = { sms: 'SMS', whatsapp: 'WhatsApp', email: 'e-mail' }

export const reportInEnglish = {
  ...{ rows, remedies, how, because, channels },
  /** Between a rung and its reasons, between two reasons, and at the end. */
  joints: { because: ', because ', and: ', and ', end: '.' },
  unknown: { there: '{} is there.', missing: '{} is not there.' },
}

export type ReportWords = typeof reportInEnglish
