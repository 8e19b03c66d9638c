import { describe, expect, it } from 'vitest'
import { plannedMessages, unsentMessages } from '../../smart-app/src/planned/planned-list.ts'
import { day, hour, instant } from '../../src/domain/time.ts'
import type { Visit } from '../../src/domain/visit.ts'
import { ago, anOutbound, aRequest, now } from './chart-sample.ts'

const visit: Visit = {
  reference: 'Appointment/1',
  status: 'booked',
  start: instant(now + 2 * day),
  zone: 'Asia/Dubai',
  patients: [],
}
const reminder = aRequest({
  category: 'reminder',
  key: 'k',
  visit: visit.reference,
  dueAt: instant(now + day),
})

describe('what is planned', () => {
  it('comes soonest first, with the visit’s start and zone', () => {
    const sooner = {
      ...reminder,
      key: 'sooner',
      reference: 'CommunicationRequest/2',
      dueAt: instant(now + hour),
    }
    expect(plannedMessages([reminder, sooner], [], [visit], now)).toMatchObject([
      { key: 'sooner', zone: 'Asia/Dubai', visitStart: visit.start },
      { key: 'k' },
    ])
  })

  it('holds a message that staff or a script wrote for later, with its words', () => {
    const at = instant(now + day)
    const later = aRequest({ dueAt: at, window: { from: at, until: instant(at + hour) } })
    expect(plannedMessages([later, aRequest()], [], [], now)).toMatchObject([
      { category: 'conversation', dueAt: at, text: 'See you on Sunday.' },
    ])
    expect(plannedMessages([later], [], [], at)).toEqual([])
  })

  it('leaves out what is done, and what is on its way', () => {
    const done = { ...reminder, status: 'completed' as const }
    expect(plannedMessages([done], [], [], now)).toEqual([])
    expect(plannedMessages([reminder], [anOutbound({ state: 'sent' })], [], now)).toEqual([])
  })

  it('keeps what waits for its next hop', () => {
    expect(plannedMessages([reminder], [anOutbound({ state: 'failed' })], [], now)).toHaveLength(1)
  })
})

describe('what was not sent', () => {
  it('says why a request was revoked', () => {
    const moved = { ...reminder, status: 'revoked' as const, reason: 'visit-moved' as const }
    expect(unsentMessages([moved], [], [visit])).toMatchObject([{ reason: 'visit-moved', state: 'not-sent' }])
  })

  it('names a request and its attempt once', () => {
    const revoked = { ...reminder, status: 'revoked' as const, reason: 'no-consent' as const }
    const attempt = anOutbound({ state: 'not-sent', reason: 'no-consent' })
    expect(unsentMessages([revoked], [attempt], [])).toHaveLength(1)
  })

  it('is nothing when a later hop arrived', () => {
    const messages = [
      anOutbound({ reference: 'Communication/1', state: 'failed', at: ago(2 * hour) }),
      anOutbound({ reference: 'Communication/2', state: 'delivered', at: ago(hour) }),
    ]
    expect(unsentMessages([{ ...reminder, status: 'completed' }], messages, [])).toEqual([])
  })

  it('holds what nobody knows the end of', () => {
    const messages = [anOutbound({ state: 'unknown', reason: 'no-answer' })]
    expect(unsentMessages([], messages, [])).toMatchObject([{ state: 'unknown', reason: 'no-answer' }])
  })
})
