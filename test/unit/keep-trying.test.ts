import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepTrying } from '../../src/compose/keep-trying.ts'
import { second } from '../../src/domain/time.ts'

describe('work that is tried until it succeeds', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  const start = (work: () => Promise<boolean>) => {
    const onFailure = vi.fn()
    return { onFailure, ...keepTrying(work, { pauseFor: second, onFailure }) }
  }

  it('is tried again after a pause, when it failed and when it is not done yet', async () => {
    const work = vi.fn<() => Promise<boolean>>()
    work.mockRejectedValueOnce(new Error('away')).mockResolvedValueOnce(false).mockResolvedValueOnce(true)
    const { first, onFailure } = start(work)
    await first
    expect(work).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(10 * second)
    expect(work).toHaveBeenCalledTimes(3)
    expect(onFailure).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not tried again once it was stopped in its pause', async () => {
    const work = vi.fn(async () => false)
    const { first, stop } = start(work)
    await first
    stop()
    await vi.advanceTimersByTimeAsync(10 * second)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['fails', (end: PromiseWithResolvers<boolean>) => end.reject(new Error('away'))],
    ['is not done', (end: PromiseWithResolvers<boolean>) => end.resolve(false)],
  ])('is not tried again when it was stopped during a try that then %s', async (_what, finish) => {
    const end = Promise.withResolvers<boolean>()
    const { first, stop, onFailure } = start(() => end.promise)
    stop()
    finish(end)
    await first
    expect(vi.getTimerCount()).toBe(0)
    expect(onFailure).not.toHaveBeenCalled()
  })
})
