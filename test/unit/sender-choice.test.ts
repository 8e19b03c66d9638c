import { describe, expect, it } from 'vitest'
import { chooseSender, type SenderAsk, type SenderFacts } from '../../src/domain/sender-choice.ts'
import { address, numbers } from '../people.ts'

const sender = (
  id: string,
  channel: SenderFacts['channel'],
  from: string,
  more: Partial<SenderFacts> = {},
): SenderFacts => ({
  ...{ id, channel, address: address(from) },
  ...more,
})
const first = sender('first', 'sms', numbers.clinic)
const second = sender('second', 'sms', numbers.stranger)
const twin = sender('twin', 'whatsapp', numbers.stranger)
const all = [twin, first, second]

const sara = address('+971501234567')
const choose = (senders: SenderFacts[], ask: Partial<SenderAsk> = {}) =>
  chooseSender(senders, { channel: 'sms', to: sara, seed: 'Patient/sara', ...ask })
const chosen = (senders: SenderFacts[], ask: Partial<SenderAsk> = {}) => {
  const choice = choose(senders, ask)
  return choice.kind === 'chosen' ? choice.sender.id : choice.reason
}

describe('the sender', () => {
  it('of an answer is the one that was written to', () => {
    expect(choose(all, { writtenTo: second.address })).toEqual({
      ...{ kind: 'chosen', sender: second, because: 'written-to' },
    })
  })

  it('is of the channel even where another has the number that was written to', () => {
    expect(choose([twin, first], { writtenTo: twin.address })).toMatchObject({
      sender: first,
      because: 'only',
    })
  })

  it('is always the same for the same patient', () => {
    const once = chosen(all)
    for (const senders of [all, all.toReversed()]) expect(chosen(senders)).toBe(once)
  })
})

const text = { longestText: 1_600, files: [], reactions: false, quotes: false, receipts: true, answers: true }
const smsOnly = { ...text, templates: 'none' } as const
const strict = { ...text, templates: 'approved' } as const

describe('why there is none', () => {
  it.each<[string, SenderFacts[], Partial<SenderAsk>]>([
    ['no-sender', all, { channel: 'email' }],
    ['no-sender', [], {}],
    ['content-not-carried', [{ ...first, carries: smsOnly }], { content: 'file' }],
    ['content-not-carried', [{ ...first, carries: smsOnly }], { content: 'reaction' }],
    ['country-not-served', [{ ...first, countries: ['SA'] }], {}],
    ['template-not-approved', [{ ...twin, carries: strict }], { channel: 'whatsapp', windowShut: true }],
    ['sender-misconfigured', [{ ...first, paused: true }], {}],
  ])('%s', (reason, senders, ask) => {
    expect(choose(senders, ask)).toEqual({ kind: 'none', reason })
  })

  it('is told only when no other can', () => {
    expect(chosen([{ ...first, countries: ['SA'] }, second])).toBe('second')
    expect(chosen([{ ...first, paused: true }, second])).toBe('second')
    expect(chosen([{ ...first, paused: true }, second], { writtenTo: first.address })).toBe('second')
    expect(
      chosen([{ ...twin, carries: strict, approved: true }], { channel: 'whatsapp', windowShut: true }),
    ).toBe('twin')
    expect(chosen([{ ...twin, carries: strict }], { channel: 'whatsapp' })).toBe('twin')
    expect(chosen([{ ...first, countries: ['AE'] }])).toBe('first')
  })
})

/** The share of each over many patients. */
function shares(senders: SenderFacts[]): Record<string, number> {
  const counted: Record<string, number> = {}
  const count = 4_000
  for (let one = 0; one < count; one += 1) {
    const id = chosen(senders, { seed: `Patient/${one}` })
    counted[id] = (counted[id] ?? 0) + 1 / count
  }
  return counted
}

describe('of several that can', () => {
  it('each gets its share', () => {
    expect(shares([first, second]).first).toBeCloseTo(1 / 2, 1)
    expect(shares([{ ...first, weight: 3 }, second]).first).toBeCloseTo(3 / 4, 1)
  })

  it('a changed weight moves only the patients that it must', () => {
    const moved = Array.from({ length: 1_000 }, (_, one) => `Patient/${one}`).filter((seed) => {
      const before = chosen([first, second], { seed })
      const after = chosen([{ ...first, weight: 2 }, second], { seed })
      return before !== after && after !== 'first'
    })
    expect(moved).toEqual([])
  })

  it('one that fails gets less, and nothing while another is well', () => {
    expect(shares([{ ...first, health: 0.6 }, second]).first).toBeLessThan(0.45)
    expect(shares([{ ...first, health: 0.3 }, second])).toEqual({ second: expect.closeTo(1) })
    expect(
      shares([
        { ...first, health: 0.1 },
        { ...second, health: 0.2 },
      ]).first,
    ).toBeCloseTo(1 / 3, 1)
  })

  it('the cheapest goes first, while it is well and all prices are known', () => {
    const prices = (AE: number, currency = 'XTS') => ({ prices: { currency, byMarket: { AE, '*': 1 } } })
    const dear = { ...first, ...prices(0.05) }
    const cheap = { ...second, ...prices(0.02) }
    expect(choose([dear, cheap])).toMatchObject({ sender: cheap, because: 'cheapest' })
    expect(chosen([dear, { ...cheap, health: 0.2 }])).toBe('first')
    expect(shares([dear, { ...second, ...prices(0.02, 'XXX') }]).first).toBeCloseTo(1 / 2, 1)
    expect(shares([dear, second]).first).toBeCloseTo(1 / 2, 1)
  })
})
