/** The half of the provider contract about texts, and what the company answers to them. */
import { describe, expect, it } from 'vitest'
import { channelsOf, type Provider } from '../../src/providers/provider.ts'
import { able, type Conversation, type ProviderCases, texts } from './provider-conversation.ts'

export function describeSending<C>(provider: Provider<C>, cases: ProviderCases<C>, talk: Conversation<C>) {
  const channels = channelsOf(provider)
  describe.each(channels)('by %s', (channel) => {
    const longest = provider.carries[channel]?.longestText ?? 0
    it.each(texts)('brings a text with %s to the patient unchanged', async (_what, text) => {
      expect(longest).toBeGreaterThanOrEqual(text.length)
      const outgoing = talk.message({ channel, text })
      const outcome = await talk.send(outgoing)
      const [taken, ...more] = await talk.company().taken(outgoing)
      expect(more).toEqual([])
      expect(taken).toMatchObject({ to: outgoing.to, text })
      expect(outcome).toMatchObject({ kind: 'accepted', providerId: taken?.providerId })
    })

    if (channel === 'email')
      able(cases, 'takes subjects')('brings the subject too', async () => {
        const content = { kind: 'text', text: 'See you.', subject: 'موعدك 📅' } as const
        const outgoing = talk.message({ channel, content })
        await talk.send(outgoing)
        expect(await talk.company().taken(outgoing)).toMatchObject([{ subject: 'موعدك 📅' }])
      })
  })

  it('sends once for each call and keeps attempts apart', async () => {
    const [channel = 'sms'] = channels
    const outgoing = [1, 2, 3].map(() => talk.message({ channel }))
    const outcomes = await Promise.all(outgoing.map((one) => talk.send(one)))
    const ids = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.providerId : undefined))
    expect(new Set(ids).size).toBe(3)
    for (const one of outgoing) expect(await talk.company().taken(one)).toHaveLength(1)
  })
}

export function describeAnswers<C>(cases: ProviderCases<C>, talk: Conversation<C>) {
  describe('what the company answers', () => {
    for (const { when, channel, to, wanted } of cases.answers)
      able(cases, 'refuses')(`${when}: ${wanted.map(({ kind }) => kind).join(', then ')}`, async () => {
        for (const expected of wanted) {
          const outgoing = talk.message({ channel, to })
          expect(await talk.send(outgoing)).toMatchObject(expected)
          const taken = await talk.company().taken(outgoing)
          expect(taken).toHaveLength(expected.kind === 'accepted' ? 1 : 0)
        }
      })

    able(cases, 'throttles')('too fast: it says how long to wait', () => {
      const throttled = cases.answers
        .flatMap(({ wanted }) => wanted)
        .filter(({ kind }) => kind === 'throttled')
      expect(throttled).not.toEqual([])
      for (const one of throttled) expect(one).toMatchObject({ waitFor: expect.any(Number) })
    })
  })
}
