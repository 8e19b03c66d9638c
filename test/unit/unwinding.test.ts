import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { stopOnSignals } from '../../src/compose/stop-on-signals.ts'
import { Unwinding } from '../../src/compose/unwinding.ts'

describe('what was started', () => {
  it('is ended last first', async () => {
    const started = new Unwinding()
    const ended: string[] = []
    for (const part of ['redis', 'workers', 'clock']) started.add(part, (one) => ended.push(one))
    await started.unwind()
    expect(ended).toEqual(['clock', 'workers', 'redis'])
  })

  it('is ended once: whoever asks again waits for the same end', async () => {
    const started = new Unwinding()
    const { promise: jobsFinish, resolve: finishJobs } = Promise.withResolvers<void>()
    const ended: string[] = []
    started.add('workers', async (one) => {
      await jobsFinish
      ended.push(one)
    })
    const first = started.unwind()
    const second = started.unwind().then(() => [...ended])
    finishJobs()
    expect(await second).toEqual(['workers'])
    await first
    expect(ended).toEqual(['workers'])
  })

  it('is ended whole, and tells what failed to end', async () => {
    const started = new Unwinding()
    const end = vi.fn()
    started.add('redis', end)
    started.add('clock', () => Promise.reject(new Error('late')))
    await expect(started.unwind()).rejects.toThrow(AggregateError)
    expect(end).toHaveBeenCalledOnce()
  })
})

describe('a process that is told to stop', () => {
  it('stops once, and ends only when that is done, however often it is told', async () => {
    const process = new EventEmitter()
    const { promise: stopped, resolve: finish } = Promise.withResolvers<void>()
    const stop = vi.fn(() => stopped)
    const ended = vi.fn()
    stopOnSignals(process, stop, ended)
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM']) {
      // Nobody listening would mean that Node ends the process at once.
      expect(process.emit(signal)).toBe(true)
    }
    await Promise.resolve()
    expect(ended).not.toHaveBeenCalled()
    finish()
    await vi.waitFor(() => expect(ended.mock.calls).toEqual([[]]))
    expect(process.emit('SIGINT')).toBe(true)
    expect(stop).toHaveBeenCalledOnce()
  })

  it('tells why it could not stop cleanly', async () => {
    const process = new EventEmitter()
    const cause = new Error('late')
    const ended = vi.fn()
    stopOnSignals(process, () => Promise.reject(cause), ended)
    process.emit('SIGTERM')
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith({ cause }))
  })
})
