/** What a proof of consent, an audit, an answer to a visit and a Subscription may not be. */
import { system } from '../../../src/fhir/codes.ts'
import { type Fault, faultsIn } from './fault.ts'

const proof = faultsIn('Provenance', 'provenance-stop')
const transmit = faultsIn('AuditEvent', 'audit-transmit')
const block = faultsIn('AuditEvent', 'audit-block')
const answer = faultsIn('AppointmentResponse', 'answer-accepted')
const wish = faultsIn('Subscription', 'subscription-visits')

export const proofFaults: Fault[] = [
  proof('a proof without the message', (r) => delete r.entity, /entity: expected 1/),
  proof(
    'a proof by something else than a message',
    (r) => Object.assign(r.entity?.[0] ?? {}, { what: { reference: 'DocumentReference/form' } }),
    /entity\.what: may not refer to a DocumentReference/,
  ),
  proof(
    'a proof of two consents',
    (r) => r.target.push({ reference: 'Consent/other' }),
    /target: expected 1\.\.1, found 2/,
  ),
  proof(
    'a proof of something else than a consent',
    (r) => Object.assign(r, { target: [{ reference: 'Task/t/_history/1' }] }),
    /target: may not refer to a Task/,
  ),
  transmit(
    'an audit with a whole number',
    (r) => Object.assign(r.agent[0] ?? {}, { network: { address: '+15555550123' } }),
    /aud-1/,
  ),
  transmit('an audit of nothing that is ours', (r) => r.subtype?.pop(), /subtype:event: expected 1/),
  transmit(
    'an audit of settings',
    (r) => Object.assign(r, { subtype: [{ system: system.qasid, code: 'settings' }] }),
    /subtype:event: has no code from .*audited-event/,
  ),
  transmit(
    'an audit that names the patient',
    (r) => Object.assign(r.entity?.[0] ?? {}, { name: 'Sara' }),
    /entity\.name: expected 0/,
  ),
  block('a block without a reason', (r) => delete r.agent[0]?.purposeOfUse, /aud-2/),
  answer('an answer that nobody gave', (r) => delete r.identifier, /identifier:message: expected 1/),
  answer(
    'an answer that is neither yes nor no',
    (r) => Object.assign(r, { participantStatus: 'tentative' }),
    /participantStatus: has no code from .*visit-answer-status/,
  ),
  answer(
    'an answer with the patient’s words',
    (r) => Object.assign(r, { comment: 'I come' }),
    /comment: expected 0/,
  ),
  answer(
    'an answer of a practitioner',
    (r) => Object.assign(r, { actor: { reference: 'Practitioner/p' } }),
    /actor: may not refer to a Practitioner/,
  ),
  wish('a Subscription to no type', (r) => Object.assign(r, { criteria: 'status=booked' }), /sub-1/),
  wish(
    'a Subscription with a query to its endpoint',
    (r) => Object.assign(r.channel, { endpoint: 'https://qasid.example/notify?key=1' }),
    /sub-2/,
  ),
  wish(
    'a Subscription by another way',
    (r) => Object.assign(r.channel, { type: 'websocket' }),
    /channel\.type: does not hold/,
  ),
]
