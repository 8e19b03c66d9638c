/**
 * Why something was not sent, not yet sent, or did not arrive: the closed list. The same word stands in code, on
 * the resource (`not-sent-reason`), in the app's translations, in metrics and in tests.
 */
export const reasons = {
  // the person
  'patient-missing': 'The patient record could not be found.',
  'patient-deceased': 'The patient has died.',
  'patient-inactive': 'The patient record is inactive or was merged.',
  'patient-restricted': 'The patient record is marked confidential.',
  // the address
  'no-address': 'The patient has no address for this channel.',
  'invalid-address': 'The address on file is not a valid one.',
  'not-a-mobile': 'The number is a landline and cannot receive this.',
  'own-address': 'The address is one of our own senders.',
  'address-suppressed': 'Someone at this address asked for messages to stop.',
  // permission
  'host-opt-out': 'The EMR says that this patient must not be contacted this way.',
  'no-consent': 'There is no consent for this channel.',
  'opted-out': 'The patient opted out.',
  'category-excepted': 'The consent leaves out this kind of message.',
  'purpose-not-permitted': 'The consent does not cover this purpose.',
  'consent-expired': 'The consent is not in force at this time.',
  // the time
  'quiet-hours': 'It is quiet hours; the message waits.',
  'not-yet-due': 'It is not time yet.',
  expired: 'It is too late to be useful.',
  'frequency-cap': 'The patient has had as many messages today as one may get; the message waits.',
  // the visit
  'visit-missing': 'The visit is no longer in the schedule.',
  'visit-cancelled': 'The visit was cancelled.',
  'visit-moved': 'The visit was moved to another time.',
  'visit-declined': 'The patient said that they will not come.',
  'already-confirmed': 'The patient has already said that they will come.',
  merged: 'The reminder of another visit on the same day tells of it.',
  'visit-over': 'The visit has begun or is over.',
  'visit-without-patient': 'The visit names no patient.',
  'visit-without-start': 'The visit has no start time.',
  'visit-without-zone': 'No time zone is known for the visit.',
  'rule-changed': 'The reminder rule was changed or switched off.',
  // the message
  'no-template': 'The template was not found in this language and channel.',
  'missing-value': 'The template needs a value that is not known.',
  'unreadable-request': 'The request lacks what a send needs.',
  'no-content': 'There is nothing to say.',
  'file-missing': 'The file is not in the EMR, or cannot be read.',
  'content-not-carried': 'This channel cannot carry such a message.',
  'template-not-approved': 'The template is not approved for WhatsApp yet.',
  // the way out
  'no-sender': 'No sender is set up for this channel.',
  'country-not-served': 'No sender is set up for the country of this number.',
  'sender-misconfigured': 'The sender is not set up correctly; staff were alerted.',
  'sender-resting': 'The sender reached a limit of its provider, or cannot reach it; the message waits.',
  'outside-window': 'WhatsApp allows free text only within 24 hours of the patient’s last message.',
  // what came back
  rejected: 'The provider refused the message.',
  'invalid-recipient': 'The provider says that this address does not exist.',
  'recipient-unreachable': 'The address cannot be reached.',
  'recipient-not-allowed': 'The provider’s account may not write to this address.',
  'content-refused': 'The provider refused what the message says.',
  'file-refused': 'The provider refused the file.',
  'template-refused': 'The provider refused the template.',
  'policy-refused': 'The provider or the network withheld the message.',
  'provider-unreachable': 'The provider could not be reached in time.',
  'provider-opt-out': 'The patient opted out at the provider.',
  undelivered: 'The message was accepted but did not arrive.',
  'no-answer': 'The provider’s answer was never seen.',
  'no-receipt': 'No delivery receipt came in time.',
  // by hand
  withdrawn: 'Staff withdrew the message.',
} as const

export type Reason = keyof typeof reasons

export function isReason(text: unknown): text is Reason {
  return typeof text === 'string' && Object.hasOwn(reasons, text)
}
