/**
 * tell-consent: the EMR changed a patient's consent.
 * in: the Consent's reference · decides: nothing, because each message is judged by the consents of its very moment, when it is
 * due and again just before the call · out: open screens read again what may be sent
 */
import type { Reference } from '../domain/message-request.ts'
import { fromReference, idOf } from '../fhir/reference.ts'
import type { World } from './ports.ts'

export async function tellConsent({ host, live }: World, reference: Reference): Promise<void> {
  const consent = await host.read('Consent', idOf(reference))
  const patient = fromReference(consent?.patient)
  if (patient) await live.publish({ patient, reference })
}
