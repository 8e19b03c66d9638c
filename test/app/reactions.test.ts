import { describe, expect, it } from 'vitest'
import { buildTimeline, type Conversation } from '../../smart-app/src/conversation/timeline.ts'
import { minute } from '../../src/domain/time.ts'
import { ago, anInbound, anOutbound, aRequest, now } from './chart-sample.ts'

function items(conversation: Partial<Conversation>) {
  return buildTimeline({ messages: [], requests: [], outbox: [], due: now, ...conversation }, 'Asia/Dubai')
}

function bubbles(conversation: Partial<Conversation>) {
  return items(conversation).flatMap((item) => (item.kind === 'bubble' ? [item.bubble] : []))
}

const ours = anOutbound({ reference: 'Communication/ours', providerId: 'SB1', at: ago(9 * minute) })
const theirs = anInbound({ reference: 'Communication/theirs', providerId: 'SB2', at: ago(8 * minute) })
const thumb = anInbound({
  ...{ reference: 'Communication/thumb', reaction: '👍', text: undefined, quotes: 'SB1', at: ago(minute) },
})
const heart = anOutbound({
  ...{ reference: 'Communication/heart', reaction: '❤️', text: undefined, answers: theirs.reference },
  ...{ request: 'CommunicationRequest/2', at: ago(minute) },
})

describe('an emoji', () => {
  it('stands at the corner of the message that it is put on, and nowhere else', () => {
    const shown = bubbles({ messages: [ours, theirs, thumb, heart] })
    expect(shown.map(({ reactions }) => reactions)).toEqual([
      [{ emoji: '👍', direction: 'in' }],
      [{ emoji: '❤️', direction: 'out' }],
    ])
  })

  it('gives way to a later one of the same side, and is gone when it is taken back', () => {
    const smile = { ...thumb, reference: 'Communication/smile', reaction: '🙂', at: ago(0) }
    const back = { ...smile, reaction: '' }
    expect(bubbles({ messages: [ours, smile, thumb] })[0]?.reactions.map(({ emoji }) => emoji)).toEqual([
      '🙂',
    ])
    expect(bubbles({ messages: [ours, thumb, back] })[0]?.reactions).toEqual([])
  })

  it('to a message that is not here is shown as what was written', () => {
    expect(bubbles({ messages: [{ ...thumb, quotes: 'SB9' }] })).toMatchObject([
      { text: '👍', reactions: [] },
    ])
  })

  it('that did not arrive says so in a bubble of its own', () => {
    const failed = { ...heart, state: 'failed', reason: 'rejected' } as const
    expect(bubbles({ messages: [theirs, failed] })).toMatchObject([
      { reactions: [] },
      { text: '❤️', state: 'failed', reason: 'rejected' },
    ])
  })

  it('is in its place from the click on, and becomes a bubble when the host did not take it', () => {
    const request = aRequest({
      ...{ reference: undefined, answers: theirs.reference, content: { kind: 'reaction', emoji: '✅' } },
      dueAt: ago(0),
    })
    const waiting = { messages: [theirs], requests: [{ ...request, reference: 'CommunicationRequest/1' }] }
    for (const stage of [{ messages: [theirs], outbox: [{ request, state: 'saving' } as const] }, waiting])
      expect(bubbles(stage).map(({ reactions }) => reactions)).toEqual([[{ emoji: '✅', direction: 'out' }]])
    const unsaved = { messages: [theirs], outbox: [{ request, state: 'unsaved' } as const] }
    expect(bubbles(unsaved).map(({ state, text }) => [state, text])).toEqual([
      ['received', 'Thank you'],
      ['unsaved', '✅'],
    ])
  })

  it('that answers a question is followed by its line all the same', () => {
    const found = items({ messages: [ours, { ...thumb, replyIntent: 'confirm' }] })
    expect(found.map((item) => (item.kind === 'line' ? item.line : item.kind))).toEqual([
      'day',
      'bubble',
      'confirmed',
    ])
  })
})

describe('a quote', () => {
  it('shows what the patient picked out by its first words', () => {
    const quoting = anInbound({ reference: 'Communication/q', quotes: 'SB1', text: 'This one?', at: ago(0) })
    expect(bubbles({ messages: [ours, quoting] })[1]?.quote).toEqual({
      ...{ direction: 'out', text: 'See you on Sunday.' },
    })
  })

  it('shows what staff answered, before it is sent and after', () => {
    const answering = { ...aRequest({ answers: theirs.reference }) }
    const sent = anOutbound({ answers: theirs.reference, at: ago(0) })
    for (const stage of [{ requests: [answering] }, { messages: [sent] }])
      expect(
        bubbles({ ...stage, messages: [theirs, ...(stage.messages ?? [])] }).find(
          ({ direction }) => direction === 'out',
        )?.quote,
      ).toEqual({ direction: 'in', text: 'Thank you' })
  })

  it('stands above no automatic answer', () => {
    const automatic = anOutbound({ category: 'auto-reply', answers: theirs.reference, at: ago(0) })
    expect(bubbles({ messages: [theirs, automatic] })[1]?.quote).toBeUndefined()
  })
})

describe('a file', () => {
  const file = { reference: 'Binary/1', contentType: 'image/jpeg', name: 'hand.jpg' }

  it('stands in its bubble, with or without words', () => {
    const [bubble] = bubbles({ messages: [anInbound({ text: '', files: [file] })] })
    expect(bubble).toMatchObject({ files: [file] })
    expect(bubble?.text).toBeFalsy()
  })

  it('that waits to be sent is there before its name is known', () => {
    const content = { kind: 'file', file: 'DocumentReference/1', text: 'As you asked' } as const
    expect(bubbles({ requests: [aRequest({ content })] })).toMatchObject([
      { files: [{ reference: 'DocumentReference/1' }], text: 'As you asked', state: 'waiting' },
    ])
  })

  it('that was not sent keeps its bubble, not a line without it', () => {
    const sent = anOutbound({ state: 'not-sent', reason: 'no-consent', text: undefined, files: [file] })
    expect(bubbles({ messages: [sent] })).toMatchObject([{ state: 'not-sent', files: [file] }])
  })
})
