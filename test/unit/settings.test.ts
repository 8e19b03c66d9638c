import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../src/domain/settings.ts'
import { parseInstant, weekdays } from '../../src/domain/time.ts'
import { rule, settings } from '../people.ts'

const least = {
  clinic: 'Palm Clinic',
  organization: 'Organization/clinic',
  zone: 'Asia/Dubai',
  country: 'AE',
  language: 'en',
  rules: [],
  remindChangesSince: '2026-11-20T00:00:00Z',
}

const faultsOf = (input: unknown): string[] => {
  const parsed = parseSettings(input)
  return parsed.kind === 'refused' ? parsed.faults : []
}

describe('clinic settings', () => {
  it('are taken as they are', () => {
    expect(parseSettings(settings())).toEqual({ kind: 'settings', settings: settings() })
  })

  it('fill in what a clinic need not say, on the careful side', () => {
    const parsed = parseSettings(least)
    expect(parsed).toEqual({
      kind: 'settings',
      settings: {
        ...least,
        zones: {},
        remindOn: ['pending', 'booked'],
        noConsent: 'block',
        unknown: {},
        replies: { cancel: 'task', cancelWord: 'stop', mostEqual: 3 },
        retention: { contentFor: 90 },
      },
    })
  })

  it.each([
    { from: '21:00', to: '08:00' },
    { days: ['friday', 'saturday'], holidays: ['2026-12-02', { from: '2027-03-09', to: '2027-03-12' }] },
    { from: '21:00', to: '08:00', categories: { reminder: { days: [] } }, spreadFor: 'PT30M' },
  ])('take quiet times: %j', (quietHours) => {
    expect(parseSettings({ ...least, quietHours })).toMatchObject({ settings: { quietHours } })
  })

  it('fill in the rest of the replies', () => {
    expect(parseSettings({ ...least, replies: { cancel: 'host' } })).toMatchObject({
      settings: { replies: { cancel: 'host', cancelWord: 'stop', mostEqual: 3 } },
    })
  })

  it.each([
    'PT48H',
    'PT2H',
    'P2D',
    'P1DT12H',
    'PT90M',
    'P1DT1H30M',
    'P0DT1H',
  ])('take %s as a rule’s time', (before) => {
    expect(faultsOf({ ...least, rules: [rule({ before })] })).toEqual([])
  })

  it.each([
    '2026-11-20T00:00:00Z',
    '2026-11-20T00:00:00.5Z',
    '2026-11-20T04:00:00.123+04:00',
  ])('take %s as an instant, and can read it', (since) => {
    expect(faultsOf({ ...least, remindChangesSince: since })).toEqual([])
    expect(parseInstant(since)).toBeDefined()
  })

  it('are refused with every fault at once', () => {
    expect(faultsOf({ ...least, zone: 'Dubai', country: 'UK', language: 'fr' })).toHaveLength(3)
  })
})

const odd: [what: string, input: unknown, names: RegExp][] = [
  ['no object', null, /^settings: /],
  ['a list', [], /^settings: /],
  ['an unknown key', { ...least, quiet: true }, /quiet/],
  ['an unknown key in a rule', { ...least, rules: [{ ...rule(), weekend: true }] }, /^rules\.0: .*weekend/],
  ['an unknown key in the replies', { ...least, replies: { stop: 'ask' } }, /^replies: .*stop/],
  [
    'the way up to every object',
    JSON.parse(`${JSON.stringify(least).slice(0, -1)},"__proto__":{"x":1}}`),
    /__proto__/,
  ],
  ['a missing key', { ...least, clinic: undefined }, /^clinic: /],
  ['a nameless clinic', { ...least, clinic: '' }, /^clinic: /],
  ['another kind of reference', { ...least, organization: 'Location/1' }, /^organization: /],
  ['a zone of no map', { ...least, zone: 'Asia/Atlantis' }, /^zone: is not an IANA time zone/],
  ['a place with a zone of no map', { ...least, zones: { 'Location/1': 'here' } }, /^zones\.Location\/1: /],
  ['a zone for what is no place', { ...least, zones: { 'loc-1': 'Asia/Dubai' } }, /^zones\.loc-1: /],
  ['a country written out', { ...least, country: 'Emirates' }, /^country: /],
  ['a country that has another code', { ...least, country: 'UK' }, /^country: is not a country code.*GB/],
  ['a country in small letters', { ...least, country: 'ae' }, /^country: /],
  ['a language that we do not speak', { ...least, language: 'fr' }, /^language: /],
  ['reminding on no status', { ...least, remindOn: [] }, /^remindOn: /],
  ['reminding of what is cancelled', { ...least, remindOn: ['cancelled'] }, /^remindOn\.0: /],
  ['a day that is no instant', { ...least, remindChangesSince: '2026-11-20' }, /^remindChangesSince: /],
  [
    'an instant without an offset',
    { ...least, remindChangesSince: '2026-11-20T00:00:00' },
    /^remindChangesSince: /,
  ],
  [
    'a fallback after no time',
    { ...least, rules: [{ ...rule(), fallbackAfter: { unread: 'PT0H' } }] },
    /^rules\.0\.fallbackAfter\.unread: /,
  ],
  [
    'a condition that nobody knows',
    { ...least, rules: [{ ...rule(), onlyIf: 'confirmed' }] },
    /^rules\.0\.onlyIf: /,
  ],
  ['a cap of none', { ...least, mostPerDay: { all: 0 } }, /^mostPerDay\.all: /],
  ['a cap of answers', { ...least, mostPerDay: { 'auto-reply': 1 } }, /^mostPerDay: .*auto-reply/],
  ['quiet hours without a beginning', { ...least, quietHours: { to: '08:00' } }, /^quietHours\.from: /],
  [
    'quiet hours of one category without an end',
    { ...least, quietHours: { categories: { reminder: { from: '21:00' } } } },
    /^quietHours\.categories\.reminder\.to: /,
  ],
  [
    'quiet hours of an answer',
    { ...least, quietHours: { categories: { 'auto-reply': {} } } },
    /^quietHours\.categories: .*auto-reply/,
  ],
  ['a week without a day', { ...least, quietHours: { days: weekdays } }, /^quietHours\.days: leaves no day/],
  ['an unknown day', { ...least, quietHours: { days: ['fri'] } }, /^quietHours\.days\.0: /],
  [
    'a holiday in no calendar',
    { ...least, quietHours: { holidays: ['2026-02-30'] } },
    /^quietHours\.holidays/,
  ],
  [
    'holidays the wrong way round',
    { ...least, quietHours: { holidays: [{ from: '2026-12-03', to: '2026-12-02' }] } },
    /^quietHours\.holidays/,
  ],
  ['a spread of days', { ...least, quietHours: { spreadFor: 'P1D' } }, /^quietHours\.spreadFor: /],
  ['quiet hours without an end', { ...least, quietHours: { from: '21:00' } }, /^quietHours\.to: /],
  [
    'quiet hours at 24:00',
    { ...least, quietHours: { from: '24:00', to: '08:00' } },
    /^quietHours\.from: is not a time/,
  ],
  ['quiet hours at 9 pm', { ...least, quietHours: { from: '9 pm', to: '08:00' } }, /^quietHours\.from: /],
  ['any permission where nothing is on file', { ...least, noConsent: 'allow' }, /^noConsent: /],
  ['a loop breaker that never breaks', { ...least, replies: { mostEqual: 1000 } }, /^replies\.mostEqual: /],
  ['two rules of one name', { ...least, rules: [rule(), rule()] }, /^rules: two rules have the id 2h/],
  ['a rule name that no key can hold', { ...least, rules: [rule({ id: 'two_hours' })] }, /^rules\.0\.id: /],
  ['a rule without a way', { ...least, rules: [rule({ plan: [] })] }, /^rules\.0\.plan: /],
  [
    'a rule that goes one way twice',
    { ...least, rules: [rule({ plan: ['sms', 'sms'] })] },
    /^rules\.0\.plan: names a channel twice/,
  ],
  [
    'a rule by carrier pigeon',
    { ...least, rules: [{ ...rule(), plan: ['pigeon'] }] },
    /^rules\.0\.plan\.0: /,
  ],
  ['a rule without words', { ...least, rules: [rule({ template: '' })] }, /^rules\.0\.template: /],
  [
    'a rule for late bookings that is none',
    { ...least, rules: [{ ...rule(), bookedLate: 'maybe' }] },
    /^rules\.0\.bookedLate: /,
  ],
]

const noDurations = [
  '48h',
  'P',
  'PT',
  'P1DT',
  'PT0H',
  'P0D',
  'P0DT0H0M',
  '-PT2H',
  'P1W',
  'P1M',
  'PT30S',
  'PT1.5H',
  '',
]

describe('odd settings', () => {
  it.each(odd)('are refused by name: %s', (_what, input, names) => {
    expect(faultsOf(input).join('\n')).toMatch(names)
  })

  it.each(noDurations)('are refused where a rule’s time is "%s"', (before) => {
    expect(faultsOf({ ...least, rules: [rule({ before })] }).join('\n')).toMatch(/^rules\.0\.before: /)
  })
})
