/** What a message-attempt may not be. */
import { extension } from '../../../src/fhir/codes.ts'
import { dropExtension, type Fault, faultsIn, partsOf, replacePart } from './fault.ts'

const sent = faultsIn('Communication', 'attempt-sent')
const delivered = faultsIn('Communication', 'attempt-delivered')
const relayed = faultsIn('Communication', 'attempt-relay-accepted')
const notDone = faultsIn('Communication', 'attempt-not-done')

export const attemptFaults: Fault[] = [
  sent('an attempt without a patient', (r) => delete r.subject, /subject: expected 1/),
  sent('an attempt without its request', (r) => delete r.basedOn, /basedOn: expected 1/),
  sent(
    'an attempt based on a visit',
    (r) => {
      r.basedOn = [{ reference: 'Appointment/1' }]
    },
    /may not refer to a Appointment/,
  ),
  sent('an attempt without its id', (r) => r.identifier?.shift(), /identifier:attempt: expected 1/),
  sent(
    'an attempt without delivery',
    (r) => dropExtension(r, extension.delivery),
    /extension:delivery: expected 1/,
  ),
  sent(
    'an attempt of two deliveries',
    (r) => r.extension?.push(...r.extension.filter((one) => one.url === extension.delivery)),
    /extension:delivery: expected 1\.\.1, found 2/,
  ),
  sent(
    'a delivery in two states',
    (r) => partsOf(r, extension.delivery).push({ url: 'state', valueCode: 'read' }),
    /extension:state: expected 1\.\.1, found 2/,
  ),
  sent(
    'a delivery in an unknown state',
    (r) => replacePart(r, extension.delivery, { url: 'state', valueCode: 'lost' }),
    /has no code from .*delivery-state/,
  ),
  sent(
    'a state that is no code',
    (r) => replacePart(r, extension.delivery, { url: 'state', valueString: 'sent' }),
    /value\[x\]: may not be a String/,
  ),
  sent(
    'a count of segments below one',
    (r) => replacePart(r, extension.delivery, { url: 'segments', valuePositiveInt: 0 }),
    /positiveInt|range/,
  ),
  sent(
    'a part of the delivery that nobody declared',
    (r) => partsOf(r, extension.delivery).push({ url: 'weather', valueString: 'fine' }),
    /holds what no slice allows/,
  ),
  sent('an attempt that says not to whom', (r) => dropExtension(r, extension.contactPoints), /attempt-4/),
  notDone('an attempt not done without a reason', (r) => delete r.statusReason, /attempt-1/),
  delivered('a completed attempt that was not received', (r) => delete r.received, /attempt-2/),
  relayed(
    'a mail called received that only a relay took',
    (r) => {
      r.received = '2026-11-20T09:00:05Z'
    },
    /attempt-3/,
  ),
  sent(
    'a completed attempt that was only sent',
    (r) => Object.assign(r, { status: 'completed', received: r.sent }),
    /attempt-5/,
  ),
  sent('a misspelt status', (r) => Object.assign(r, { status: 'in_progress' }), /Communication\.status/),
]
