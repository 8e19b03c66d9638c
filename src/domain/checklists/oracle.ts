/** Oracle Health (Millennium): the code console, https://docs.oracle.com/en/industries/health/millennium-platform-apis/. Scopes cannot be changed later. */
import { type Checklist, codes, ending, heading, steps } from './checklist.ts'

/** What Millennium has of what we ask for. */
const types = /\/(Patient|Appointment|Practitioner|Location|Consent|DocumentReference|Binary)\./

export const oracle: Checklist = (facts) => {
  const { app, worker } = facts.wishes
  return (
    heading('Oracle Health: registering Qasid', facts) +
    steps('Provider app (code console → New application)', [
      `Application name: **${app.name}**; type **Provider**; privacy **Public** (PKCE S256 is used)`,
      `SMART launch URI: ${codes([app.launchUrl])}`,
      `Redirect URI: ${codes(app.redirectUrls)}`,
      'FHIR spec: **R4**; SMART version: **v2**. Neither this nor the scopes can be changed once saved',
      `Scopes: ${codes(app.scopes.filter((scope) => !scope.includes('/') || types.test(scope) || scope.startsWith('launch')))}`,
    ]) +
    steps('System app', [
      `Application name: **${worker.name}**; type **System**; authentication **JWKS**`,
      `JWKS URI: ${codes([worker.jwksUrl])}`,
      `Scopes: ${codes(worker.scopes.filter((scope) => types.test(scope)).map((scope) => scope.replace(/\.[a-z]+$/, '.rs')))}`,
    ]) +
    steps('Known of Oracle Health', [
      'Communication there is the staff’s inbox and takes no patient: a FHIR R4 store beside it is needed (`--store`)',
      'Appointments are searched by patient, practitioner or location together with a date',
      'The client must be allowed for each tenant by its Oracle Health contact',
    ]) +
    ending(facts)
  )
}
