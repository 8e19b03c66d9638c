import { describe, expect, it } from 'vitest'
import { after, before, day, hour, minute, toIso } from '../../src/domain/time.ts'
import { at, omar, rule, sara, settings, visit, visitStart } from '../people.ts'
import { fourDaysBefore, nothing, plan, templates } from './planning.ts'

describe('a booked visit', () => {
  it('gets one reminder per rule, each at its time and useful until the next', () => {
    const { create, revive, revoke } = plan({ now: fourDaysBefore })
    const twoDaysBefore = before(visitStart, 2 * day)
    const twoHoursBefore = before(visitStart, 2 * hour)
    expect(create.map(({ ruleId, dueAt, window }) => ({ ruleId, dueAt, window }))).toEqual([
      { ruleId: '48h', dueAt: twoDaysBefore, window: { from: twoDaysBefore, until: twoHoursBefore } },
      { ruleId: '2h', dueAt: twoHoursBefore, window: { from: twoHoursBefore, until: visitStart } },
    ])
    expect([revive, revoke]).toEqual([[], []])
  })

  it('gets them for its patient, about itself, with its template pinned and what it needs to say', () => {
    expect(plan({ now: fourDaysBefore }).create[1]).toMatchObject({
      key: 'v1_20261122T090000Z_2h_sara',
      status: 'active',
      category: 'reminder',
      patient: sara,
      recipient: sara,
      visit: 'Appointment/v1',
      visitStart,
      plan: ['whatsapp', 'sms'],
      content: {
        template: templates['visit-reminder'],
        parameters: {
          clinic: 'Palm Clinic',
          start: '2026-11-22T09:00:00.000Z',
          zone: 'Asia/Dubai',
          place: 'Palm Street',
          practitioner: '',
        },
      },
    })
  })

  it.each([
    ['a minute after the first rule’s time', 48 * hour - minute, ['48h']],
    ['a day ahead', day, ['48h']],
    ['a minute before the last rule’s time', 2 * hour + minute, ['48h']],
    ['at the last rule’s time', 2 * hour, ['2h']],
    ['an hour ahead', hour, ['2h']],
    ['a minute ahead', minute, ['2h']],
    ['as it begins', 0, []],
    ['after it began', -hour, []],
  ])('booked late, %s, gets exactly one at once', (_what, ahead, atOnce) => {
    const bookedAt = before(visitStart, ahead)
    const { create } = plan({ now: bookedAt, visit: visit({ changedAt: bookedAt }) })
    expect(create.filter((one) => one.dueAt <= bookedAt).map((one) => one.ruleId)).toEqual(atOnce)
  })

  it('booked late gets nothing for the past time where the rule says so', () => {
    const rules = [rule({ id: '48h', before: 'PT48H', bookedLate: 'skip' }), rule({ bookedLate: 'skip' })]
    const bookedAt = before(visitStart, day)
    const { create } = plan({
      now: bookedAt,
      visit: visit({ changedAt: bookedAt }),
      settings: settings({ rules }),
    })
    expect(create.map((one) => one.ruleId)).toEqual(['2h'])
  })

  it('booked in time is reminded after we were away, while it still helps, whatever the rule says', () => {
    const rules = [rule({ id: '48h', before: 'PT48H', bookedLate: 'skip' }), rule()]
    const bookedAt = fourDaysBefore
    const late = { visit: visit({ changedAt: bookedAt }), settings: settings({ rules }) }
    expect(plan({ ...late, now: before(visitStart, 40 * hour) }).create.map((one) => one.ruleId)).toEqual([
      '48h',
      '2h',
    ])
    expect(plan({ ...late, now: before(visitStart, hour) }).create.map((one) => one.ruleId)).toEqual(['2h'])
  })

  it('last changed before the clinic began with us is not reminded late, only in time', () => {
    const { create } = plan({
      now: before(visitStart, day),
      visit: visit({ changedAt: fourDaysBefore }),
      settings: settings({ remindChangesSince: toIso(before(visitStart, 3 * day)) }),
    })
    expect(create.map((one) => one.ruleId)).toEqual(['2h'])
  })

  it('of which nobody knows when it was changed is not reminded late', () => {
    const { create } = plan({ now: before(visitStart, day), visit: visit({ changedAt: undefined }) })
    expect(create.map((one) => one.ruleId)).toEqual(['2h'])
  })

  it('gets none from a rule whose template is not there', () => {
    expect(plan({ templates: {} })).toEqual(nothing)
  })

  it('of a group gets one reminder per patient and rule', () => {
    const group = visit({
      patients: [
        { reference: sara, confirmed: false },
        { reference: omar, confirmed: true },
      ],
    })
    const { create } = plan({ visit: group, now: fourDaysBefore })
    expect(create.map((one) => `${one.patient} ${one.ruleId}`)).toEqual([
      'Patient/sara 48h',
      'Patient/sara 2h',
      'Patient/omar 48h',
      'Patient/omar 2h',
    ])
    expect(new Set(create.map((one) => one.key)).size).toBe(4)
  })

  it('of a series is reminded each time', () => {
    const weekly = [0, 1, 2].map((weeks) =>
      visit({ reference: `Appointment/v${weeks}`, start: after(visitStart, weeks * 7 * day) }),
    )
    const keys = weekly
      .flatMap((one) => plan({ visit: one, now: fourDaysBefore }).create)
      .map(({ key }) => key)
    expect(new Set(keys).size).toBe(6)
  })
})

describe('in the week of a clock change', () => {
  // London puts the clock back on 25 October 2026 at 02:00
  const monday = visit({ start: at('2026-10-25T10:00:00Z'), zone: 'Europe/London', changedAt: undefined })
  const dueOf = (offset: string, zone = 'Europe/London') =>
    plan({
      visit: { ...monday, zone },
      settings: settings({ rules: [rule({ before: offset })] }),
      now: at('2026-10-01T00:00:00Z'),
    }).create.map((one) => toIso(one.dueAt))

  it('a day before is the same time on the wall', () => {
    expect(dueOf('P1D')).toEqual(['2026-10-24T09:00:00.000Z'])
  })

  it('24 hours before are 24 hours', () => {
    expect(dueOf('PT24H')).toEqual(['2026-10-24T10:00:00.000Z'])
  })

  it('elsewhere it makes no difference', () => {
    expect(dueOf('P1D', 'Asia/Dubai')).toEqual(dueOf('PT24H', 'Asia/Dubai'))
  })
})
