import { describe, expect, it, vi } from 'vitest'
import { answerBriefly } from '../../src/compose/answer-briefly.ts'
import { createHostOrigins } from '../../src/compose/host-origins.ts'
import { instant, second } from '../../src/domain/time.ts'

function clock() {
  let time = instant(1_790_000_000_000)
  return {
    now: () => time,
    pass: (duration: number) => {
      time = instant(time + duration)
    },
  }
}

describe('an answer that holds for a while', () => {
  it('is asked for once by all who wait for it', async () => {
    const { now } = clock()
    const end = Promise.withResolvers<string>()
    const ask = vi.fn(() => end.promise)
    const answer = answerBriefly(ask, 2 * second, now)
    const waiting = [answer(), answer(), answer()]
    end.resolve('ready')
    expect(await Promise.all(waiting)).toEqual(['ready', 'ready', 'ready'])
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is asked for again once it is old, counted from when it came', async () => {
    const { now, pass } = clock()
    let asked = 0
    const answer = answerBriefly(
      async () => {
        pass(10 * second)
        return ++asked
      },
      2 * second,
      now,
    )
    expect([await answer(), await answer()]).toEqual([1, 1])
    pass(2 * second - 1)
    expect(await answer()).toBe(1)
    pass(1)
    expect(await answer()).toBe(2)
  })

  it('is not kept when there was none', async () => {
    const { now } = clock()
    const ask = vi.fn<() => Promise<string>>()
    ask.mockRejectedValueOnce(new Error('away')).mockResolvedValueOnce('ready')
    const answer = answerBriefly(ask, 2 * second, now)
    const both = [answer(), answer()]
    await expect(Promise.all(both)).rejects.toThrow('away')
    await expect(both[1]).rejects.toThrow('away')
    expect(await answer()).toBe('ready')
  })
})

describe('the origins of a host', () => {
  const fhirBase = 'https://emr.example/fhir'
  const tokensAt = (tokenEndpoint: string) => ({ tokenEndpoint })

  it('are that of its FHIR base, and that of its tokens where they are elsewhere', async () => {
    const origins = createHostOrigins(
      fhirBase,
      async () => tokensAt('https://login.example/token'),
      clock().now,
    )
    expect(origins()).toEqual(['https://emr.example'])
    await vi.waitFor(() => expect(origins()).toEqual(['https://emr.example', 'https://login.example']))
  })

  it('are one where it keeps both in one place', async () => {
    const discover = vi.fn(async () => tokensAt('https://emr.example/oauth/token'))
    const origins = createHostOrigins(fhirBase, discover, clock().now)
    await discover.mock.results[0]?.value
    expect(origins()).toEqual(['https://emr.example'])
  })

  it('are learnt later from a host that is down at our start, which is not asked for every page', async () => {
    const { now, pass } = clock()
    const discover = vi.fn(async () => tokensAt('https://login.example/token'))
    discover.mockRejectedValueOnce(new Error('away'))
    const origins = createHostOrigins(fhirBase, discover, now)
    for (let page = 0; page < 20; page++) {
      expect(origins()).toEqual(['https://emr.example'])
      await Promise.resolve()
    }
    expect(discover).toHaveBeenCalledTimes(1)
    pass(5 * second)
    await vi.waitFor(() => expect(origins()).toContain('https://login.example'))
  })
})
