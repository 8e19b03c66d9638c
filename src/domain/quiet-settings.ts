/** When the clinic writes to nobody, as it decides it: for all that we begin, and differently for one kind of message. */
import { z } from 'zod'
import type { MessageCategory } from './message-request.ts'
import type { QuietTimes } from './quiet-hours.ts'
import { weekdays } from './time.ts'

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time such as 21:30' })
const date = z.iso.date({ error: 'is not a day such as 2026-12-02' })
const spreadFor = z.string().regex(/^PT(?=\d)(\d{1,2}H)?(\d{1,3}M)?$/, {
  error: 'is not a duration such as PT15M',
})

const times = {
  from: wallTime.optional(),
  to: wallTime.optional(),
  /** Quiet altogether: a weekend, say. */
  days: z
    .array(z.enum(weekdays))
    .refine((days) => new Set(days).size < 7, { error: 'leaves no day to write on' })
    .optional(),
  holidays: z
    .array(
      z.union([
        date,
        z.strictObject({ from: date, to: date }).refine(({ from, to }) => from <= to, {
          error: 'ends before it begins',
        }),
      ]),
    )
    .optional(),
}

type Ends = { from?: string | undefined; to?: string | undefined }
const hasFrom = ({ from, to }: Ends) => to === undefined || from !== undefined
const noFrom = { error: 'is missing beside to', path: ['from'] }
const hasTo = ({ from, to }: Ends) => from === undefined || to !== undefined
const noTo = { error: 'is missing beside from', path: ['to'] }
const ofOneCategory = z.strictObject(times).refine(hasFrom, noFrom).refine(hasTo, noTo)

export const quietHours = z
  .strictObject({
    ...times,
    /** What holds for one category instead, part by part; an empty list means none. */
    categories: z
      .strictObject({
        reminder: ofOneCategory.optional(),
        conversation: ofOneCategory.optional(),
      })
      .optional(),
    /** What waited for the opening goes within this time after it, evenly; a quarter of an hour unless the clinic says otherwise. */
    spreadFor: spreadFor.optional(),
  })
  .refine(hasFrom, noFrom)
  .refine(hasTo, noTo)
export type QuietSettings = z.infer<typeof quietHours>

/** The quiet times of one kind of message. */
export function quietTimesFor(
  { categories, spreadFor: _, ...all }: QuietSettings,
  category: MessageCategory,
): QuietTimes {
  const own = category === 'reminder' || category === 'conversation' ? categories?.[category] : undefined
  return { ...all, ...own }
}
