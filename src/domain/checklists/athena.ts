/** athenahealth: the developer portal, https://docs.athenahealth.com/api/. Subscriptions there are in alpha. */
import { type Checklist, codes, ending, heading, steps } from './checklist.ts'

export const athena: Checklist = (facts) =>
  heading('athenahealth: registering Qasid', facts) +
  steps('App for clinicians (developer portal → Create app)', [
    `Name: **${facts.wishes.app.name}**; **3-legged OAuth**, public client with PKCE`,
    `Redirect URL: ${codes(facts.wishes.app.redirectUrls)}`,
    `Embedded app launch URL: ${codes([facts.wishes.app.launchUrl])}`,
    `Scopes: ${codes(facts.wishes.app.scopes)}`,
  ]) +
  steps('Backend', [
    `Name: **${facts.wishes.worker.name}**; **2-legged OAuth**, private key JWT`,
    `JWKS URL: ${codes([facts.wishes.worker.jwksUrl])}`,
    `Scopes: ${codes(facts.wishes.worker.scopes.filter((scope) => /\/(Patient|Appointment|Practitioner|Location)\./.test(scope)))}`,
  ]) +
  steps('Known of athenahealth', [
    'Appointments are read by id and come by Subscription (alpha, id-only); without it nothing tells of new visits',
    'None of our records stand there: a FHIR R4 store beside it is needed (`--store`)',
  ]) +
  ending(facts)
