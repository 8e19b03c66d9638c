/** What a message-request may not be. */
import { extension, system } from '../../../src/fhir/codes.ts'
import { dropExtension, type Fault, faultsIn } from './fault.ts'

const active = faultsIn('CommunicationRequest', 'request-reminder-active')
const revoked = faultsIn('CommunicationRequest', 'request-reminder-revoked')

export const requestFaults: Fault[] = [
  active('a request without a patient', (r) => delete r.subject, /subject: expected 1\.\.1/),
  active(
    'a request of a group',
    (r) => {
      r.subject = { reference: 'Group/1' }
    },
    /may not refer to a Group/,
  ),
  active('a request without a time', (r) => delete r.occurrenceDateTime, /occurrence\[x\]: expected 1/),
  active(
    'a request for a period, which no search finds',
    (r) => {
      delete r.occurrenceDateTime
      r.occurrencePeriod = { start: '2026-11-20' }
    },
    /occurrence\[x\]: may not be a Period/,
  ),
  active('a request without a routing plan', (r) => delete r.medium, /medium: expected 1/),
  active(
    'a request on an unknown medium',
    (r) => r.medium?.push({ coding: [{ system: system.participationMode, code: 'FAX' }] }),
    /medium: has no code from .*messaging-medium/,
  ),
  active(
    'a request to two people',
    (r) => r.recipient?.push({ reference: 'Patient/2' }),
    /recipient: expected 1\.\.1, found 2/,
  ),
  active(
    'a request without a window',
    (r) => dropExtension(r, extension.sendWindow),
    /extension:sendWindow: expected 1\.\.1, found 0/,
  ),
  active(
    'a window without an end',
    (r) => delete r.extension?.find((one) => one.url === extension.sendWindow)?.valuePeriod?.end,
    /send-window\).*\.end: expected 1/,
  ),
  active('a request of no kind of ours', (r) => r.category?.shift(), /category:message: expected 1/),
  active(
    'a request of an unknown kind',
    (r) => {
      r.category = [{ coding: [{ system: system.messageCategory, code: 'advert' }] }]
    },
    /no code advert[\s\S]*/,
  ),
  active(
    'a key under another system',
    (r) => {
      r.identifier = [{ system: 'https://other.example', value: 'k' }]
    },
    /identifier:key: expected 1\.\.1/,
  ),
  active(
    'a key with a character that means something in a search',
    (r) => {
      r.identifier = [{ ...r.identifier?.[0], value: 'a|b' }]
    },
    /key-1/,
  ),
  revoked('a request revoked without a reason', (r) => delete r.statusReason, /req-1/),
  revoked(
    'a reason in free text only',
    (r) => {
      r.statusReason = { text: 'moved' }
    },
    /statusReason: has no code from .*not-sent-reason/,
  ),
  revoked(
    'an unknown reason',
    (r) => {
      r.statusReason = { coding: [{ system: system.notSentReason, code: 'because' }] }
    },
    /no code because/,
  ),
  active(
    'an unknown status',
    (r) => Object.assign(r, { status: 'planned' }),
    /CommunicationRequest\.status: has no code from/,
  ),
  active(
    'nothing to say',
    (r) => {
      delete r.payload
      dropExtension(r, extension.instantiatesCanonical)
    },
    /req-2/,
  ),
  active(
    'an answer offered that nobody reads',
    (r) => {
      dropExtension(r, extension.replyOptions)
      r.extension?.push({ url: extension.replyOptions, extension: [{ url: 'option', valueCode: 'stop' }] })
    },
    /has no code from .*reply-option/,
  ),
]
