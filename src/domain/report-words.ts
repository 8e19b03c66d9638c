/** What each line of the capability report means for the clinic, in one sentence. A test sees that none is missing. */

/** As the EMR has it · asked for at intervals, or done with more care · kept in a store beside it · not at all. */
export type ReportWay = 'native' | 'polled' | 'sidecar' | 'missing'

type Words = Partial<Record<ReportWay, string>>

const words: Record<string, Words> = {
  launch: {
    native: 'Clinicians open Messages inside the chart.',
    missing: '{}: reminders and answers work, and nobody can open Messages from the chart.',
  },
  visits: {
    native: 'Visits are found by their day, so a full sweep each night finds whatever was missed.',
    polled: 'The EMR finds visits only {}.',
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

/** Each need that has words, with the ways for which it has them. */
export const reported: Record<string, ReportWay[]> = Object.fromEntries(
  Object.entries(words).map(([need, ways]) => [need, Object.keys(ways) as ReportWay[]]),
)

/** `{}` takes the detail. */
export function wordsFor(need: string, way: ReportWay, detail = ''): string {
  const sentence = words[need]?.[way]
  if (sentence === undefined) return way === 'missing' ? `${need} is not there.` : `${need} is there.`
  return sentence.replace('{}', detail)
}
