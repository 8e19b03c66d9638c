import { describe, expect, it } from 'vitest'
import { tickFor } from '../../smart-app/src/conversation/ticks.ts'
import {
  buildTimeline,
  type Conversation,
  type TimelineItem,
} from '../../smart-app/src/conversation/timeline.ts'
import type { AttemptState } from '../../src/domain/attempt.ts'
import { day, hour, instant, minute } from '../../src/domain/time.ts'
import { ago, anInbound, anOutbound, aRequest, now } from './chart-sample.ts'

const zone = 'Asia/Dubai'

function timeline(conversation: Partial<Conversation>): TimelineItem[] {
  return buildTimeline({ messages: [], requests: [], outbox: [], due: now, ...conversation }, zone)
}

function bubbles(conversation: Partial<Conversation>) {
  return timeline(conversation).flatMap((item) => (item.kind === 'bubble' ? [item.bubble] : []))
}

describe('the timeline', () => {
  it('stands in the order in which things were written, whatever the order they were read in', () => {
    const messages = [
      anOutbound({ reference: 'Communication/2', at: ago(minute) }),
      anInbound({ reference: 'Communication/1', at: ago(2 * minute) }),
    ]
    expect(bubbles({ messages }).map((one) => one.direction)).toEqual(['in', 'out'])
  })

  it('puts a separator before the first message of each day of the reader’s zone', () => {
    // 23:30 and 00:30 in Dubai; one and the same day in UTC.
    const messages = ['2026-11-19T19:30:00Z', '2026-11-19T20:30:00Z'].map((at, index) =>
      anInbound({ reference: `Communication/${index}`, at: instant(Date.parse(at)) }),
    )
    expect(timeline({ messages }).map((item) => item.kind)).toEqual(['day', 'bubble', 'day', 'bubble'])
  })

  it('keeps the place of a message whose content was removed, and says so of it', () => {
    const messages = [
      anInbound({ reference: 'Communication/1', text: undefined, redacted: true, at: ago(minute) }),
      anOutbound({ reference: 'Communication/2', text: undefined, redacted: true, state: 'delivered' }),
    ]
    const gone = aRequest({
      ...{ key: 'k', reference: 'CommunicationRequest/k', category: 'conversation', redacted: true },
      ...{ status: 'revoked', reason: 'withdrawn' },
    })
    const shown = bubbles({ messages, requests: [{ ...gone, content: { kind: 'text', text: '' } }] })
    expect(shown.map(({ redacted, text }) => [redacted, text || undefined])).toEqual(
      Array.from({ length: 3 }, () => [true, undefined]),
    )
  })

  it('groups bubbles of one side that were written within five minutes', () => {
    const messages = [10, 6, 5, 1].map((minutes, index) =>
      anInbound({
        reference: `Communication/${index}`,
        at: ago(minutes * minute),
        direction: index === 3 ? 'out' : 'in',
      }),
    )
    const continues = timeline({ messages }).flatMap((item) =>
      item.kind === 'bubble' ? [item.continues] : [],
    )
    expect(continues).toEqual([false, true, true, false])
  })

  it('shows the hops of one request as one bubble, the failed ones beneath it', () => {
    const messages = [
      anOutbound({ reference: 'Communication/1', channel: 'whatsapp', state: 'failed', at: ago(2 * minute) }),
      anOutbound({ reference: 'Communication/2', channel: 'sms', state: 'delivered', at: ago(minute) }),
    ]
    const [bubble, another] = bubbles({ messages })
    expect(another).toBeUndefined()
    expect(bubble).toMatchObject({ channel: 'sms', state: 'delivered' })
    expect(bubble?.earlier.map((hop) => hop.channel)).toEqual(['whatsapp'])
  })

  it('never hides an attempt that may have arrived behind a later one', () => {
    const messages = (['unknown', 'sent'] as const).map((state, index) =>
      anOutbound({ reference: `Communication/${index}`, state, at: ago((2 - index) * minute) }),
    )
    expect(bubbles({ messages }).map((one) => one.state)).toEqual(['unknown', 'sent'])
    expect(new Set(bubbles({ messages }).map((one) => one.key)).size).toBe(2)
  })

  it('keeps one key for a message from the outbox to its attempt', () => {
    const request = aRequest()
    const unsaved = { ...request, reference: undefined }
    const stages: Partial<Conversation>[] = [
      { outbox: [{ request: unsaved, state: 'saving' }] },
      { outbox: [{ request: unsaved, state: 'saving' }], requests: [request] },
      { requests: [{ ...request, status: 'completed' }], messages: [anOutbound()] },
    ]
    expect(stages.map((stage) => bubbles(stage).map((one) => `${one.key} ${one.state}`))).toEqual([
      ['manual_1 saving'],
      ['manual_1 waiting'],
      ['manual_1 sent'],
    ])
  })

  it('shows a message that was stopped before its first attempt, with its reason', () => {
    const requests = [aRequest({ status: 'revoked', reason: 'opted-out' })]
    expect(bubbles({ requests })).toMatchObject([
      { state: 'not-sent', reason: 'opted-out', text: 'See you on Sunday.' },
    ])
  })

  it('shows a message once that was put back after a look-up and then could not go', () => {
    const messages = [
      anOutbound({ reference: 'Communication/1', state: 'claimed', at: ago(2 * minute) }),
      anOutbound({
        ...{ reference: 'Communication/2', state: 'not-sent', reason: 'expired', at: ago(minute) },
        text: undefined,
      }),
    ]
    const [bubble, another] = bubbles({ messages, requests: [aRequest({ status: 'revoked' })] })
    expect(another).toBeUndefined()
    expect(bubble).toMatchObject({ state: 'not-sent', reason: 'expired', text: 'See you on Sunday.' })
    expect(bubble?.earlier).toEqual([])
  })

  it('says once that a message failed by the same channel for the same reason', () => {
    const failed = { state: 'failed', reason: 'undelivered' } as const
    const messages = [
      anOutbound({ reference: 'Communication/1', ...failed, at: ago(3 * minute), channel: 'whatsapp' }),
      anOutbound({ reference: 'Communication/2', ...failed, at: ago(2 * minute) }),
      anOutbound({ reference: 'Communication/3', ...failed, at: ago(minute) }),
    ]
    expect(bubbles({ messages })[0]?.earlier.map((hop) => hop.channel)).toEqual(['whatsapp'])
  })

  it('leaves what is written for later to the panel beside it, but not what quiet hours put off', () => {
    const at = instant(now + day)
    const later = aRequest({ dueAt: at, window: { from: at, until: instant(at + hour) } })
    expect(timeline({ requests: [later] })).toEqual([])
    expect(bubbles({ requests: [later], due: at })).toHaveLength(1)
    expect(bubbles({ requests: [aRequest({ dueAt: at, reason: 'quiet-hours' })] })).toHaveLength(1)
  })

  it('leaves planned reminders to the panel beside it', () => {
    expect(timeline({ requests: [aRequest({ category: 'reminder' })] })).toEqual([])
  })

  it('says in a line what was never rendered', () => {
    const messages = [
      anOutbound({
        category: 'reminder',
        state: 'not-sent',
        reason: 'no-consent',
        text: undefined,
        channel: undefined,
      }),
    ]
    const items = timeline({ messages })
    expect(items[1]).toMatchObject({
      kind: 'line',
      line: 'not-sent',
      category: 'reminder',
      reason: 'no-consent',
    })
  })

  it.each([
    ['confirm', 'confirmed'],
    ['cancel', 'cancelled'],
    ['stop', 'stopped'],
  ] as const)('follows a reply that means %s with a line', (replyIntent, line) => {
    expect(timeline({ messages: [anInbound({ replyIntent })] }).at(-1)).toMatchObject({ kind: 'line', line })
  })
})

describe('ticks', () => {
  it('are two only where the message reached the patient', () => {
    const two = Object.entries(tickFor).filter(([, tick]) => tick.startsWith('two'))
    expect(two.map(([state]) => state).toSorted()).toEqual(['delivered', 'read'] satisfies AttemptState[])
  })

  it('leave an unknown outcome a question', () => {
    expect(tickFor.unknown).toBe('question')
  })
})
