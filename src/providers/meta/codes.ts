/** The error codes of the Cloud API and what each means to us. The same codes come as answers and in webhooks. */
import { z } from 'zod'
import { type Duration, minute, second } from '../../domain/time.ts'
import type { Answer } from '../call.ts'
import { codeOf, type Meaning, meaningOfStatus, retryAfter, tableOf } from '../refusal.ts'

export const meaningOfCode = tableOf([
  // Too fast, too many
  ['throttled', '4'], // calls of the app
  ['throttled', '613'], // calls of this kind
  ['throttled', '80007'], // calls of the business account
  ['throttled', '130429'], // messages of the number
  ['throttled', '131056'], // messages to this one person
  ['throttled', '133016'], // registrations of the number
  ['throttled-for-long', '131048'], // too many people blocked or reported the number
  ['throttled-for-long', '131064'], // the account's limit, until it is raised or the day is over

  // A fault of theirs
  ['unknown', '1'], // "invalid request or possible server error": it does not say that nothing was taken
  ['unreachable', '2'], // down or overloaded
  ['unreachable', '131000'], // "failed to send due to an unknown error"
  ['unreachable', '131016'], // service unavailable
  ['unreachable', '131057'], // the account is in maintenance
  ['unreachable', '133004'], // server temporarily unavailable
  ['unreachable', '135000'], // "failed to send", worth another try
  ['unreachable', '2494100'], // the number is in maintenance

  // About the person
  ['opted-out', '131050'], // stopped marketing of this business; we send nothing more either
  ['invalid-recipient', '131026'], // not on WhatsApp, an old client, or its terms not accepted: it does not say which
  ['recipient-not-allowed', '131021'], // the sender itself
  ['recipient-not-allowed', '131030'], // not on the allow-list of a test number
  ['recipient-not-allowed', '131062 131063'], // known by user id only, and this kind of message needs a number
  ['recipient-not-allowed', '137000'], // another identity than the one we asked for
  ['recipient-not-allowed', '130497'], // the account may not write to this country
  ['outside-window', '131047'], // free text more than 24 hours after the person's last message

  // About the account: every next message would fail too
  ['misconfigured', '0 3 10 190 200-299 131005'], // token expired, revoked, or without the permission
  ['misconfigured', '33'], // the number was deleted
  ['misconfigured', '368 131031'], // blocked or locked for a breach of policy
  ['misconfigured', '131037'], // the display name is not approved
  ['misconfigured', '131045 133000-133015'], // the number is not registered, or wrongly
  ['misconfigured', '131042 131044'], // no payment, or no payment method

  // About this one message: the next may be fine, so the sender is not paused for it
  ['rejected', '100'], // a parameter is wrong; of a wrong account it has the subcode below
  ['rejected', '131008 131009'], // a parameter is missing, or its value is wrong
  ['content-refused', '131051'], // this type of message is not supported
  ['template-refused', '132000'], // another count of values
  ['template-refused', '132001'], // no such template in this language, or not approved
  ['template-refused', '132005'], // too long with its values
  ['template-refused', '132007'], // its characters break the rules
  ['template-refused', '132008 132012'], // a value has another form than was approved
  ['template-refused', '132015 132016'], // paused, disabled: too many people disliked it
  ['template-refused', '132068 132069'], // its flow is blocked, or throttled
  ['file-refused', '131052 131053'], // the file could not be fetched, or not be taken
  ['policy-refused', '130472'], // the person is part of an experiment
  ['policy-refused', '131049'], // withheld, to keep people from too much of it
  ['policy-refused', '139200'], // sent without a template by an account that may not
])

/** Where the company says or documents how long to wait without saying it in the answer. */
const rests = new Map<string, Duration>([
  ['131056', 6 * second], // one message per 6 seconds to one person
  ['4', minute], // counted by the hour
  ['80007', minute], // counted by the hour
])

/** Of code 100: the id in the path does not exist, or the token may not see it. */
const noSuchObject = 33

const errorBody = z.object({
  error: z.object({
    code: z.union([z.int(), z.string()]),
    error_subcode: z.unknown().optional(),
    is_transient: z.unknown().optional(),
  }),
})

export interface Refused {
  meaning: Meaning
  code: string
  /** Narrows the code; `undefined` where there is none. */
  subcode?: string
  waitFor?: Duration
}

/** What an answer that is no success says. Only its codes leave here: its words may repeat what we sent. */
export function refusedIn({ status, headers, body }: Omit<Answer, 'kind'>): Refused {
  const parsed = errorBody.safeParse(body)
  const error = parsed.success ? parsed.data.error : undefined
  const code = codeOf(error?.code) ?? `http-${status}`
  const subcode = codeOf(error?.error_subcode)
  const waitFor = retryAfter(headers) ?? rests.get(code)
  return {
    meaning: meaningIn(code, subcode, error?.is_transient === true, status),
    code,
    ...(subcode && { subcode }),
    ...(waitFor !== undefined && { waitFor }),
  }
}

function meaningIn(code: string, subcode: string | undefined, isTransient: boolean, status: number): Meaning {
  if (code === '100' && subcode === String(noSuchObject)) return 'misconfigured'
  // "Try again" after a refusal; after a fault it may have been taken all the same.
  const passing = isTransient && status < 500 && status !== 429 ? 'unreachable' : undefined
  return meaningOfCode(code) ?? passing ?? meaningOfStatus(status)
}

/** Whether the same question may be answered otherwise a little later. */
export function mayPass(meaning: Meaning): boolean {
  return ['throttled', 'throttled-for-long', 'unreachable', 'unknown'].includes(meaning)
}
