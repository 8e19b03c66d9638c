/** What a patient-message and a message-thread may not be. */
import { extension, system } from '../../../src/fhir/codes.ts'
import { dropExtension, type Fault, faultsIn } from './fault.ts'

const inbound = faultsIn('Communication', 'patient-message-confirm')
const thread = faultsIn('Communication', 'thread-open')

export const conversationFaults: Fault[] = [
  inbound('an inbound message without its arrival', (r) => delete r.received, /received: expected 1/),
  inbound('an inbound message without text', (r) => delete r.payload, /payload: expected 1/),
  inbound(
    'an inbound message without its provider’s id',
    (r) => delete r.identifier,
    /identifier: expected 1/,
  ),
  inbound('an inbound message not marked as one', (r) => r.category?.shift(), /category:message: expected 1/),
  inbound(
    'an inbound message from nowhere',
    (r) => dropExtension(r, extension.contactPoints),
    /extension:contactPoints: expected 1/,
  ),
  inbound(
    'an inbound message with an unknown intent',
    (r) => r.category?.push({ coding: [{ system: system.replyIntent, code: 'sing' }] }),
    /no code sing/,
  ),
  thread(
    'a thread with a text of its own',
    (r) => {
      r.payload = [{ contentString: 'x' }]
    },
    /payload: expected 0\.\.0/,
  ),
  thread(
    'a thread in a thread',
    (r) => {
      r.partOf = [{ reference: 'Communication/1' }]
    },
    /partOf: expected 0\.\.0/,
  ),
  thread(
    'a thread not marked as one',
    (r) => {
      r.category = [{ text: 'thread' }]
    },
    /category: does not hold the expected pattern/,
  ),
  thread(
    'a thread put aside',
    (r) => {
      r.status = 'on-hold'
    },
    /thr-1/,
  ),
]
