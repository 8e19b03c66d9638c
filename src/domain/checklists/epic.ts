/** Epic on FHIR: two app records, https://fhir.epic.com/Documentation. The backend must name a JWKS URL. */
import { type Checklist, codes, ending, heading, steps } from './checklist.ts'

/** Epic's forms list APIs, not scopes. */
const apis = ['Patient.Read (R4)', 'Patient.Search (R4)', 'Appointment.Read (R4)', 'Appointment.Search (R4)']
const appApis = [
  ...apis,
  'Practitioner.Read (R4)',
  'Location.Read (R4)',
  'Consent.Search (R4)',
  'DocumentReference.Search (R4)',
  'Binary.Read (R4)',
]

export const epic: Checklist = (facts) =>
  heading('Epic: registering Qasid', facts) +
  steps('App for clinicians (fhir.epic.com → Build Apps → Create)', [
    `Application name: **${facts.wishes.app.name}**`,
    'Application audience: **Clinicians or Administrative Users**',
    `Incoming APIs: ${codes(appApis)}`,
    `Endpoint URI (redirect): ${codes(facts.wishes.app.redirectUrls)}`,
    'SMART on FHIR version: **R4**; SMART scope version: **SMART v2**',
    'Is confidential client: **no** (PKCE S256 is used)',
    'Requires persistent access: **no**',
  ]) +
  steps('Backend system', [
    `Application name: **${facts.wishes.worker.name}**`,
    'Application audience: **Backend Systems**',
    `Incoming APIs: ${codes([...apis, 'Practitioner.Read (R4)', 'Location.Read (R4)', 'Consent.Search (R4)'])}`,
    `Non-production and production **JWK Set URL**: ${codes([facts.wishes.worker.jwksUrl])} (an uploaded key is no longer taken)`,
  ]) +
  steps('In Hyperspace, by the customer’s Epic team', [
    `Launch activity (FDI record): URL ${codes([facts.wishes.app.launchUrl])}, launch type **EHR launch**, OAuth 2.0, both client ids`,
    'Assign a background user to the backend client; it needs to see patients and appointments',
    'Wait for the client ids to sync (up to an hour in the sandbox)',
  ]) +
  steps('Known of Epic', [
    'No Subscription, no CommunicationRequest: a FHIR R4 store beside Epic is needed (`--store`)',
    'Appointments are searched by patient only: visits of patients with a messaging consent are asked for in turn',
  ]) +
  ending(facts)
