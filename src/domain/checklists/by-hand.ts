/** A host that registers clients in a form we do not know. */
import { type Checklist, codes, ending, heading, steps } from './checklist.ts'

export const byHand: Checklist = (facts) =>
  heading('Registering Qasid by hand', facts) +
  steps('App for clinicians', [
    `Name: **${facts.wishes.app.name}**; public client, authorization code with PKCE S256`,
    `Redirect URI: ${codes(facts.wishes.app.redirectUrls)}`,
    `Launch URL: ${codes([facts.wishes.app.launchUrl])}`,
    `Scopes: ${codes(facts.wishes.app.scopes)}`,
  ]) +
  steps('Backend', [
    `Name: **${facts.wishes.worker.name}**; client_credentials with private_key_jwt (ES384 or RS384)`,
    `JWKS URL: ${codes([facts.wishes.worker.jwksUrl])}`,
    `Scopes: ${codes(facts.wishes.worker.scopes)}`,
    `Scopes that may be left out: ${codes(facts.wishes.worker.optionalScopes)}`,
  ]) +
  ending(facts)
