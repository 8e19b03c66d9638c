/** The part of the provider contract about a company at its worst. */
import { expect, it, vi } from 'vitest'
import { minute } from '../../src/domain/time.ts'
import { channelsOf, type Provider } from '../../src/providers/provider.ts'
import {
  endlessAnswers,
  type Misbehaviour,
  nobodysUrl,
  startMisbehaving,
  unclearAnswers,
} from './misbehaving-company.ts'
import { able, type Conversation, type ProviderCases } from './provider-conversation.ts'
import {
  silentHandshake,
  type Unproven,
  type UnprovenCompany,
  unprovenCompanies,
} from './unproven-company.ts'

export function describeMisbehaviour<C>(
  provider: Provider<C>,
  cases: ProviderCases<C>,
  talk: Conversation<C>,
) {
  const [channel = 'sms'] = channelsOf(provider)
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

  for (const misbehaviour of unclearAnswers)
    able(cases, 'answers by HTTP')(
      `${misbehaviour.name}: the message may have been taken, so it is unknown`,
      () =>
        facing(misbehaviour, async (url) => {
          expect(await talk.sendAt(talk.message({ channel }), url)).toMatchObject({ kind: 'unknown' })
        }),
    )

  for (const misbehaviour of endlessAnswers)
    able(cases, 'answers by HTTP')(
      `${misbehaviour.name}: given up before the job’s lock is over, and unknown`,
      () =>
        facing(misbehaviour, async (url, asked) => {
          vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
          try {
            const sent = talk.sendAt(talk.message({ channel }), url)
            await asked
            await vi.advanceTimersByTimeAsync(minute / 2)
            expect(await sent).toMatchObject({ kind: 'unknown' })
          } finally {
            vi.useRealTimers()
          }
        }),
    )

  it('nobody there: the message surely never left, so it may be tried again', async () => {
    const outcome = await talk.sendAt(talk.message({ channel }), await nobodysUrl())
    expect(outcome).toMatchObject({ kind: 'unreachable' })
  })

  const facingUnproven = async ({ start }: Unproven, story: (company: UnprovenCompany) => Promise<void>) => {
    const company = await start()
    try {
      await story(company)
      expect(company.asked()).toBe(0)
    } finally {
      await company.stop()
    }
  }

  for (const unproven of unprovenCompanies)
    able(cases, 'answers by HTTP')(`${unproven.name}: it surely never left, so it may be tried again`, () =>
      facingUnproven(unproven, async ({ url }) => {
        expect(await talk.sendAt(talk.message({ channel }), url)).toMatchObject({ kind: 'unreachable' })
      }),
    )

  able(cases, 'answers by HTTP')(`${silentHandshake.name}: given up in time, and it surely never left`, () =>
    facingUnproven(silentHandshake, async ({ url, reached }) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        const sent = talk.sendAt(talk.message({ channel }), url)
        await reached
        await vi.advanceTimersByTimeAsync(minute / 2)
        expect(await sent).toMatchObject({ kind: 'unreachable' })
      } finally {
        vi.useRealTimers()
      }
    }),
  )

  for (const [form, after] of [
    ['in seconds', '7'],
    ['as a date', 'Fri, 20 Nov 2026 05:00:07 GMT'],
  ] as const)
    able(cases, talk.lacks('answers by HTTP') ? 'answers by HTTP' : 'says how long')(
      `too fast, come back in 7 seconds, said ${form}: that long it waits`,
      () =>
        facing(
          {
            name: 'too fast',
            answer: (_, response) =>
              void response
                .writeHead(429, { date: 'Fri, 20 Nov 2026 05:00:00 GMT', 'retry-after': after })
                .end(),
          },
          async (url) => {
            const outcome = await talk.sendAt(talk.message({ channel }), url)
            expect(outcome).toEqual({ kind: 'throttled', waitFor: 7_000 })
          },
        ),
    )

  able(cases, 'answers by HTTP')('sent elsewhere: the credentials do not follow', () =>
    facing(
      { name: 'elsewhere', answer: (_, response) => void response.writeHead(201).end('{"id":"SB1"}') },
      (to, asked) =>
        facing(
          { name: 'redirect', answer: (_, response) => void response.writeHead(307, { location: to }).end() },
          async (url) => {
            const outcome = await talk.sendAt(talk.message({ channel }), url)
            expect(outcome.kind).not.toBe('accepted')
            expect(await Promise.race([asked.then(() => 'asked'), 'left alone'])).toBe('left alone')
          },
        ),
    ),
  )
}
