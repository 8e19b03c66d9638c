/** An appointment as far as reminding is concerned. */
import type { Reference } from './message-request.ts'
import type { Reason } from './reason.ts'
import type { Instant } from './time.ts'

export type VisitStatus =
  | 'proposed'
  | 'pending'
  | 'booked'
  | 'arrived'
  | 'fulfilled'
  | 'cancelled'
  | 'noshow'
  | 'entered-in-error'
  | 'checked-in'
  | 'waitlist'

export interface Visit {
  reference: Reference
  status: VisitStatus
  /** Absent where the EMR only knows a requested period: such a visit is never reminded. */
  start?: Instant
  /** IANA name; absent when neither the visit, its place, nor the clinic tells. */
  zone?: string
  /** `declined` alone does not say to which start; see `DispatchFacts.declinedStart`. */
  patients: { reference: Reference; confirmed: boolean; declined?: boolean }[]
  place?: string
  practitioner?: string
  /** When the EMR last changed it. */
  changedAt?: Instant
}

/** Why a visit in this state must not be reminded; `undefined` when it may be. */
export function reasonAgainstReminding(visit: Visit, remindOn: VisitStatus[]): Reason | undefined {
  if (remindOn.includes(visit.status)) return undefined
  const over: VisitStatus[] = ['arrived', 'checked-in', 'fulfilled']
  return over.includes(visit.status) ? 'visit-over' : 'visit-cancelled'
}
