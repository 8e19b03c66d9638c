/**
 * What the clinic decides. One schema, checked in the browser, at the route and on load; kept as one `Basic` in the
 * store. Strict: an unknown or odd setting is refused by name, never silently ignored.
 */
import { z } from 'zod'
import { isCountry } from './address.ts'
import { channels } from './channel.ts'
import { languages } from './language.ts'
import { quietHours } from './quiet-settings.ts'
import { isZone } from './time.ts'

const zone = z.string().refine(isZone, { error: 'is not an IANA time zone such as Asia/Dubai' })
const count = z.int().min(1)
const duration = z.string().regex(/^(?=P.)P(\d{1,3}D)?(T(?=\d)(\d{1,4}H)?(\d{1,5}M)?)?$/, {
  error: 'is not a duration such as PT48H or P2D',
})
const waitDuration = duration.regex(/[1-9]/, { error: 'is no time at all' })
const ruleDuration = duration
  // Nothing before the visit is no reminder: it would never be sent.
  .regex(/[1-9]/, { error: 'is no time at all before the visit' })

const daysOrForever = { error: 'is not a number of days from 7, or forever' }

export const reminderRule = z.strictObject({
  /** Part of every request's key: letters, digits and hyphens. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,32}$/),
  /** Before the visit's start. Days are calendar days in the visit's zone. */
  before: ruleDuration,
  /** The routing plan: first is preferred. */
  plan: z
    .array(z.enum(channels))
    .min(1)
    .refine((plan) => new Set(plan).size === plan.length, { error: 'names a channel twice' }),
  template: z.string().min(1),
  /** A visit booked after the rule's time: remind at once, or leave it. */
  bookedLate: z.enum(['send-now', 'skip']),
  /** Whoever has confirmed gets none. */
  onlyIf: z.literal('unconfirmed').optional(),
  /** The next channel of the plan is tried although the message was handed over: not read (WhatsApp tells that), or not delivered. */
  fallbackAfter: z
    .strictObject({ unread: waitDuration.optional(), undelivered: waitDuration.optional() })
    .optional(),
})
export type ReminderRule = z.infer<typeof reminderRule>

export const clinicSettings = z.strictObject({
  /** As patients know it; stands in the messages. */
  clinic: z.string().min(1),
  organization: z.string().regex(/^Organization\/[A-Za-z0-9.-]{1,64}$/),
  /** Of visits whose place tells none. */
  zone,
  /** `Location/id` → zone, where the EMR's own Location tells none. */
  zones: z
    .record(
      z.string().regex(/^Location\/[A-Za-z0-9.-]{1,64}$/, { error: 'is not a place such as Location/1' }),
      zone,
    )
    .default({}),
  /** ISO 3166 alpha-2: for phone numbers written without one. */
  country: z.string().refine(isCountry, { error: 'is not a country code such as AE (Britain is GB)' }),
  language: z.enum(languages),
  remindOn: z
    .array(z.enum(['proposed', 'pending', 'booked']))
    .min(1)
    .default(['pending', 'booked']),
  rules: z.array(reminderRule),
  /** Visits that the EMR last changed before this instant are not reminded late: someone else already did. */
  remindChangesSince: z.iso.datetime({ offset: true }),
  quietHours: quietHours.optional(),
  /** Visits of one patient on one day get one reminder of each rule; so it is unless the clinic says `false`. */
  mergeSameDay: z.boolean().optional(),
  /** To one person in one day of theirs, counted over all channels; without it as many as there are. */
  mostPerDay: z
    .strictObject({ reminder: count.optional(), conversation: count.optional(), all: count.optional() })
    .optional(),
  noConsent: z.enum(['block', 'allow-care']).default('block'),
  /**
   * A message of which nobody can say whether it left, by its category. `task`: a human finds out, as where nothing is said.
   * `urgent-once-more`: an urgent one goes once more, marked as a possible duplicate.
   */
  unknown: z
    .partialRecord(
      z.enum(['reminder', 'conversation', 'auto-reply', 'consent-confirmation']),
      z.enum(['task', 'urgent-once-more']),
    )
    .default({}),
  /** The routing plan of automatic answers is the channel the patient wrote on. */
  replies: z
    .strictObject({
      /** `host`: a cancelling reply cancels the visit in the EMR. `task`: staff see to it. */
      cancel: z.enum(['task', 'host']).default('task'),
      /** What "CANCEL" means when no visit was asked about. */
      cancelWord: z.enum(['visit', 'stop']).default('stop'),
      /** Loop breaker: equal automatic answers per address within 30 minutes. */
      mostEqual: z.int().min(1).max(20).default(3),
    })
    .default({ cancel: 'task', cancelWord: 'stop', mostEqual: 3 }),
  retention: z
    .strictObject({
      /** Days. Within a week answers are still matched with questions, and files are fetched from companies. */
      contentFor: z.union(
        [z.int(daysOrForever).min(7, daysOrForever).max(36_500, daysOrForever), z.literal('forever')],
        daysOrForever,
      ),
    })
    .default({ contentFor: 90 }),
})
export type ClinicSettings = z.infer<typeof clinicSettings>

export type ParsedSettings =
  | { kind: 'settings'; settings: ClinicSettings }
  | { kind: 'refused'; faults: string[] }

/** Each fault names the setting and says what is wrong with it. */
export function parseSettings(input: unknown): ParsedSettings {
  const parsed = clinicSettings.safeParse(input)
  if (!parsed.success)
    return {
      kind: 'refused',
      faults: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`),
    }
  const ids = parsed.data.rules.map((rule) => rule.id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  return twice
    ? { kind: 'refused', faults: [`rules: two rules have the id ${twice}`] }
    : { kind: 'settings', settings: parsed.data }
}
