/**
 * Delivers the notifications of one Subscription, in order, one at a time. A receiver that is down is tried again
 * for about two minutes.
 */
import type { HookRequest } from './notification-forms.ts'

/**
 * Milliseconds before each further try: two minutes in all, never so long that a receiver's return goes
 * unnoticed.
 */
export const usualRetryDelays: readonly number[] = [
  500,
  1000,
  2000,
  4000,
  8000,
  ...Array<number>(10).fill(10_000),
]
const answerWithin = 5000

export interface Delivery {
  add(request: HookRequest): void
  /** Drops what waits and ends what is under way. */
  stop(): void
}

export interface DeliveryParts {
  retryDelays: readonly number[]
  /** After the last try; nothing is delivered any more. `error` says why, without content. */
  gaveUp(error: string): void
}

export function createDelivery({ retryDelays, gaveUp }: DeliveryParts): Delivery {
  const waiting: HookRequest[] = []
  const stopped = new AbortController()
  let running = false

  async function run(): Promise<void> {
    for (let request = waiting[0]; request && !stopped.signal.aborted; request = waiting[0]) {
      const error = await deliver(request)
      if (stopped.signal.aborted) return
      if (error) {
        stopped.abort()
        gaveUp(error)
        return
      }
      waiting.shift()
    }
    running = false
  }

  /** undefined = it arrived. */
  async function deliver(request: HookRequest): Promise<string | undefined> {
    let error = await notify(request, stopped.signal)
    for (const delay of retryDelays) {
      if (!error || stopped.signal.aborted) break
      await pause(delay, stopped.signal)
      error = await notify(request, stopped.signal)
    }
    return error
  }

  return {
    add(request) {
      waiting.push(request)
      if (running || stopped.signal.aborted) return
      running = true
      // After the writer has had its answer: a notification must not overtake the response that caused it.
      setImmediate(run)
    },
    stop() {
      waiting.length = 0
      stopped.abort()
    },
  }
}

async function notify({ url, ...init }: HookRequest, stopped: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(answerWithin)]),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `The endpoint answered ${response.status}`
  } catch (cause) {
    return cause instanceof Error && cause.name === 'TimeoutError'
      ? `The endpoint did not answer within ${answerWithin / 1000} s`
      : 'The endpoint could not be reached'
  }
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const wake = () => {
    clearTimeout(timer)
    resolve()
  }
  stopped.addEventListener('abort', wake, { once: true })
  return promise.finally(() => stopped.removeEventListener('abort', wake))
}
