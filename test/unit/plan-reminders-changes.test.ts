import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import type { PlanFacts } from '../../src/domain/plan-reminders.ts'
import type { Reason } from '../../src/domain/reason.ts'
import type { ReminderRule } from '../../src/domain/settings.ts'
import { after, before, day, hour, type Instant, instant, minute } from '../../src/domain/time.ts'
import type { Visit, VisitStatus } from '../../src/domain/visit.ts'
import { now, omar, request, rule, sara, settings, visit, visitStart } from '../people.ts'
import { carriedOut, fourDaysBefore, nothing, plan, planned } from './planning.ts'

describe('a visit that changes', () => {
  const earlier = planned({ now: fourDaysBefore })
  const theNextDay = visit({ start: after(visitStart, day) })

  it('and is moved revokes all that is unsent for the old time and plans the new', () => {
    const { create, revoke } = plan({ visit: theNextDay, requests: earlier, now: fourDaysBefore })
    expect(revoke.map(({ request: one, reason }) => [one.ruleId, reason])).toEqual([
      ['48h', 'visit-moved'],
      ['2h', 'visit-moved'],
    ])
    expect(create.map((one) => one.visitStart)).toEqual([theNextDay.start, theNextDay.start])
  })

  it('and is moved there and back is as it was planned first', () => {
    const moved = carriedOut(earlier, plan({ visit: theNextDay, requests: earlier, now: fourDaysBefore }))
    const back = carriedOut(moved, plan({ requests: moved, now: fourDaysBefore }))
    expect(back.filter((one) => one.status === 'active')).toEqual(earlier)
  })

  it('leaves alone what is sent, ended or written by staff, and what the EMR forbids', () => {
    const untouched = [
      request({ status: 'completed' }),
      request({ key: 'k2', status: 'revoked', reason: 'withdrawn' }),
      request({ key: '01KABCDEFGHJKMNPQRSTVWXYZ0', category: 'conversation' }),
      request({ key: 'k4', forbidden: true }),
    ]
    expect(plan({ visit: theNextDay, requests: untouched, now: fourDaysBefore }).revoke).toEqual([])
    expect(plan({ visit: visit({ status: 'cancelled' }), requests: untouched })).toEqual(nothing)
  })

  it('leaves alone what a script ordered, unless the visit itself changes', () => {
    const ordered = request({ key: 'api-3f2a_sara', ruleId: undefined })
    expect(plan({ requests: [ordered], now: fourDaysBefore }).revoke).toEqual([])
    const { revoke } = plan({ visit: theNextDay, requests: [ordered], now: fourDaysBefore })
    expect(revoke).toMatchObject([{ reason: 'visit-moved' }])
  })

  it('and that the EMR did not show for a while is reminded late rather than never, though nobody changed it', () => {
    const old = visit({ changedAt: before(now, 90 * day) })
    const late = after(before(visitStart, 48 * hour), 10 * minute)
    const gone = earlier.map((one) => ({
      ...one,
      status: 'revoked' as const,
      reason: 'visit-missing' as const,
    }))
    const { revive, create } = plan({ visit: old, requests: gone, now: late })
    expect([revive.map((one) => one.ruleId), create]).toEqual([['48h', '2h'], []])
    expect(plan({ visit: old, requests: gone, now: visitStart }).revive).toEqual([])
  })

  it('has its reminders again once the record of its patient is found, and not before', () => {
    const late = after(before(visitStart, 48 * hour), 10 * minute)
    const gone = earlier.map((one) => ({
      ...one,
      ...{ status: 'revoked' as const, reason: 'patient-missing' as const },
    }))
    expect(plan({ requests: gone, now: late }).revive).toEqual([])
    expect(plan({ requests: gone, found: ['Patient/sara'], now: late }).revive).toHaveLength(2)
  })

  const overs: [VisitStatus, Reason][] = [
    ['cancelled', 'visit-cancelled'],
    ['noshow', 'visit-cancelled'],
    ['entered-in-error', 'visit-cancelled'],
    ['fulfilled', 'visit-over'],
    ['arrived', 'visit-over'],
    ['checked-in', 'visit-over'],
  ]

  it.each(overs)('to %s revokes all that is unsent: %s', (status, reason) => {
    const { create, revive, revoke } = plan({
      visit: visit({ status }),
      requests: earlier,
      now: fourDaysBefore,
    })
    expect(revoke.map((one) => one.reason)).toEqual([reason, reason])
    expect([create, revive]).toEqual([[], []])
  })

  it.each(overs)('to %s by mistake and back is reminded again', (status) => {
    const gone = carriedOut(
      earlier,
      plan({ visit: visit({ status }), requests: earlier, now: fourDaysBefore }),
    )
    const { create, revive } = plan({ requests: gone, now: fourDaysBefore })
    expect(create).toEqual([])
    expect(revive.map(({ reference, status: its, reason }) => [reference, its, reason])).toEqual(
      earlier.map(({ reference }) => [reference, 'active', undefined]),
    )
  })

  it.each<[string, Partial<Visit>, Reason]>([
    ['its start', { start: undefined }, 'visit-without-start'],
    ['its zone', { zone: undefined }, 'visit-without-zone'],
    ['its patient', { patients: [] }, 'visit-without-patient'],
  ])('and loses %s revokes all, says why, and comes back with it', (_what, lost, reason) => {
    const gone = plan({ visit: visit(lost), requests: earlier, now: fourDaysBefore })
    expect(gone).toMatchObject({ create: [], revive: [], unplannable: reason })
    expect(gone.revoke.map((one) => one.reason)).toEqual([reason, reason])
    const found = plan({ requests: carriedOut(earlier, gone), now: fourDaysBefore })
    expect(found.revive.map((one) => one.reference)).toEqual(earlier.map((one) => one.reference))
  })

  it('and is booked again too late for a reminder does not get that one', () => {
    const gone = carriedOut(earlier, plan({ visit: visit({ status: 'cancelled' }), requests: earlier }))
    const { revive } = plan({ requests: gone, now: before(visitStart, hour) })
    expect(revive.map((one) => one.ruleId)).toEqual(['2h'])
  })

  it.each<Reason>([
    'withdrawn',
    'opted-out',
    'expired',
    'no-consent',
  ])('is not reminded again after "%s"', (reason) => {
    const ended = earlier.map((one) => ({ ...one, status: 'revoked' as const, reason }))
    expect(plan({ requests: ended, now: fourDaysBefore })).toEqual(nothing)
  })

  it('and loses one of its group revokes for that one', () => {
    const group = { patients: [sara, omar].map((reference) => ({ reference, confirmed: false })) }
    const both = planned({ visit: visit(group), now: fourDaysBefore })
    const { revoke, create } = plan({ requests: both, now: fourDaysBefore })
    expect(revoke.map(({ request: one, reason }) => [one.patient, reason])).toEqual([
      [omar, 'visit-cancelled'],
      [omar, 'visit-cancelled'],
    ])
    expect(create).toEqual([])
  })

  it('its rule revokes what was planned by the old one, and brings it back with it', () => {
    const one = settings({ rules: [rule()] })
    const without = plan({ requests: earlier, settings: one, now: fourDaysBefore })
    expect(without.revoke.map(({ request: its, reason }) => [its.ruleId, reason])).toEqual([
      ['48h', 'rule-changed'],
    ])
    const again = plan({ requests: carriedOut(earlier, without), now: fourDaysBefore })
    expect(again.revive.map((its) => its.ruleId)).toEqual(['48h'])
  })
})

const anyRule: fc.Arbitrary<ReminderRule> = fc
  .record({
    unit: fc.constantFrom('D', 'H', 'M'),
    many: fc.integer({ min: 1, max: 90 }),
    bookedLate: fc.constantFrom('send-now' as const, 'skip' as const),
    template: fc.constantFrom('visit-reminder', 'visit-reminder', 'visit-reminder', 'gone'),
  })
  .map(({ unit, many, ...rest }) => {
    const length = unit === 'D' ? `P${many % 10}DT1M` : `PT${many}${unit}`
    return rule({ id: `before-${length}`, before: length, ...rest })
  })
const anyRules = fc.uniqueArray(anyRule, { maxLength: 4, selector: (one) => one.id })
const anyInstant = fc
  .integer({ min: -10 * 24 * 60, max: 10 * 24 * 60 })
  .map((minutes) => instant(now + minutes * minute))
const anyVisit = fc.record({
  status: fc.constantFrom<VisitStatus>(
    'booked',
    'booked',
    'booked',
    'pending',
    'cancelled',
    'fulfilled',
    'proposed',
  ),
  start: fc.option(anyInstant, { nil: undefined, freq: 10 }),
  zone: fc.constantFrom('Asia/Dubai', 'Europe/London', undefined),
  patients: fc.subarray([sara, omar]).map((all) => all.map((reference) => ({ reference, confirmed: false }))),
  changedAt: fc.option(anyInstant, { nil: undefined }),
})
const anyLook = fc.record({ seen: anyVisit, rules: anyRules, at: anyInstant })
type Look = { seen: Partial<PlanFacts['visit']>; rules: ReminderRule[]; at: Instant }

/** What the store holds after looking at the visit at several times, as it was changed. */
function looked(looks: Look[]): MessageRequest[] {
  return looks.reduce<MessageRequest[]>(
    (requests, look) => carriedOut(requests, plan(toFacts(look, requests))),
    [],
  )
}

function toFacts({ seen, rules, at: when }: Look, requests: MessageRequest[]): Partial<PlanFacts> {
  return { visit: visit(seen), requests, settings: settings({ rules }), now: when }
}

describe('whatever becomes of a visit', () => {
  const anyLooks = fc.array(anyLook, { minLength: 1, maxLength: 4 })

  it('planning twice changes nothing', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        const last = looks.at(-1) as Look
        const { create, revive, adjust, revoke } = plan(toFacts(last, looked(looks)))
        expect({ create, revive, adjust, revoke }).toEqual(nothing)
      }),
      { numRuns: 300 },
    )
  })

  it('there is one request per key, none of them sent by planning', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        const requests = looked(looks)
        expect(new Set(requests.map((one) => one.key)).size).toBe(requests.length)
        expect(requests.every((one) => one.status === 'active' || one.status === 'revoked')).toBe(true)
        expect(requests.every((one) => one.window.from <= one.dueAt && one.dueAt < one.window.until)).toBe(
          true,
        )
      }),
    )
  })

  it('only what it is now stays planned', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        const { seen } = looks.at(-1) as Look
        const active = looked(looks).filter((one) => one.status === 'active')
        const alive = seen.status === 'booked' || seen.status === 'pending'
        expect(
          active.every(
            (one) =>
              alive &&
              one.visitStart === seen.start &&
              seen.patients?.some((patient) => patient.reference === one.patient),
          ),
        ).toBe(true)
      }),
    )
  })

  it('a first look sends at most one at once to each patient', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const { create } = plan(toFacts(look, []))
        const atOnce = create.filter((one) => one.dueAt < look.at)
        const dues = look.rules.map((one) => one.before)
        // PT60M and PT1H are two rules for one time: two reminders are what the clinic asked for
        fc.pre(
          new Set(create.map((one) => `${one.patient} ${one.dueAt}`)).size === create.length &&
            dues.length > 0,
        )
        expect(new Set(atOnce.map((one) => one.patient)).size).toBe(atOnce.length)
      }),
    )
  })
})
