/**
 * What every provider must keep, run against its company, or the best stand-in for it. What a company cannot do is
 * listed as an exception with the reason, never left out in silence.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { channels } from '../../src/domain/channel.ts'
import { minute } from '../../src/domain/time.ts'
import type { Provider } from '../../src/providers/provider.ts'
import {
  endlessAnswers,
  type Misbehaviour,
  nobodysUrl,
  startMisbehaving,
  unclearAnswers,
} from './misbehaving-company.ts'
import {
  able,
  type Company,
  type Conversation,
  createConversation,
  type ProviderCases,
  texts,
} from './provider-conversation.ts'
import { describeWebhooks } from './provider-webhooks.ts'

export function describeProvider<C>(provider: Provider<C>, cases: ProviderCases<C>): void {
  describe(`Provider: ${provider.id}`, () => {
    let company: Company<C>
    beforeAll(async () => {
      company = await cases.start()
    })
    afterAll(() => company.stop())

    const conversation = createConversation(provider, cases, () => company)
    describeDescription(provider, cases, () => company)
    describeSending(provider, cases, conversation)
    describeAnswers(cases, conversation)
    describeMisbehaviour(provider, conversation)
    describeWebhooks(provider, cases, conversation)
  })
}

function describeDescription<C>(provider: Provider<C>, cases: ProviderCases<C>, company: () => Company<C>) {
  it('says what it is, and checks its credentials before they are used', () => {
    expect(provider.id).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(provider.messageIdSystem).toMatch(/^https:\/\//)
    expect(provider.channels.length).toBeGreaterThan(0)
    expect(channels).toEqual(expect.arrayContaining([...provider.channels]))
    expect(provider.credentials.safeParse(company().credentials).success).toBe(true)
    expect(provider.credentials.safeParse({}).success).toBe(false)
    expect(provider.credentials.safeParse({ ...company().credentials, more: 'x' }).success).toBe(false)
  })

  it('says why for everything that it leaves out', () => {
    expect(cases.exceptions.filter(({ because }) => because.length < 20)).toEqual([])
  })
}

function describeSending<C>(provider: Provider<C>, cases: ProviderCases<C>, talk: Conversation<C>) {
  describe.each(provider.channels)('by %s', (channel) => {
    it.each(texts)('brings a text with %s to the patient unchanged', async (_what, text) => {
      const outgoing = talk.message({ channel, text })
      const outcome = await talk.send(outgoing)
      const [taken, ...more] = await talk.company().taken(outgoing)
      expect(more).toEqual([])
      expect(taken).toMatchObject({ to: outgoing.to, text })
      expect(outcome).toMatchObject({ kind: 'accepted', providerId: taken?.providerId })
    })

    if (channel === 'email')
      able(cases, 'takes subjects')('brings the subject too', async () => {
        const outgoing = talk.message({ channel, subject: 'موعدك 📅' })
        await talk.send(outgoing)
        expect(await talk.company().taken(outgoing)).toMatchObject([{ subject: 'موعدك 📅' }])
      })
  })

  it('sends once for each call and keeps attempts apart', async () => {
    const [channel = 'sms'] = provider.channels
    const outgoing = [1, 2, 3].map(() => talk.message({ channel }))
    const outcomes = await Promise.all(outgoing.map((one) => talk.send(one)))
    const ids = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.providerId : undefined))
    expect(new Set(ids).size).toBe(3)
    for (const one of outgoing) expect(await talk.company().taken(one)).toHaveLength(1)
  })
}

function describeAnswers<C>(cases: ProviderCases<C>, talk: Conversation<C>) {
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

function describeMisbehaviour<C>({ channels: [channel = 'sms'] }: Provider<C>, talk: Conversation<C>) {
  const facing = async (
    misbehaviour: Misbehaviour,
    story: (url: string, asked: Promise<unknown>) => Promise<void>,
  ) => {
    const stub = await startMisbehaving(misbehaviour)
    try {
      await story(stub.url, stub.asked)
    } finally {
      await stub.stop()
    }
  }

  it.each(unclearAnswers)('$name: the message may have been taken, so it is unknown', (misbehaviour) =>
    facing(misbehaviour, async (url) => {
      expect(await talk.send(talk.message({ channel }), url)).toMatchObject({ kind: 'unknown' })
    }))

  it.each(endlessAnswers)('$name: given up before the job’s lock is over, and unknown', (misbehaviour) =>
    facing(misbehaviour, async (url, asked) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        const sent = talk.send(talk.message({ channel }), url)
        await asked
        await vi.advanceTimersByTimeAsync(minute / 2)
        expect(await sent).toMatchObject({ kind: 'unknown' })
      } finally {
        vi.useRealTimers()
      }
    }))

  it('nobody there: the message surely never left, so it may be tried again', async () => {
    const outcome = await talk.send(talk.message({ channel }), await nobodysUrl())
    expect(outcome).toMatchObject({ kind: 'unreachable' })
  })

  it('sent elsewhere: the credentials do not follow', () =>
    facing(
      { name: 'elsewhere', answer: (_, response) => void response.writeHead(201).end('{"id":"SB1"}') },
      (to, asked) =>
        facing(
          { name: 'redirect', answer: (_, response) => void response.writeHead(307, { location: to }).end() },
          async (url) => {
            const outcome = await talk.send(talk.message({ channel }), url)
            expect(outcome.kind).not.toBe('accepted')
            expect(await Promise.race([asked.then(() => 'asked'), 'left alone'])).toBe('left alone')
          },
        ),
    ))
}
