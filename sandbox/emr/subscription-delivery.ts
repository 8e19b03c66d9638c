/**
 * Delivers the notifications of one Subscription, in order, one at a time: rest-hook as R4 has it, with the
 * resource PUT below the endpoint when a payload is asked for. A receiver that is down is tried again for
 * about two minutes.
 */
import type { SubscriptionChannel } from 'fhir/r4'
import type { Change } from './fhir-repository.ts'

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
  add(change: Change): void
  /** Drops what waits and ends what is under way. */
  stop(): void
}

export interface DeliveryParts {
  channel: SubscriptionChannel
  retryDelays: readonly number[]
  /** After the last try; nothing is delivered any more. `error` says why, without content. */
  gaveUp(error: string): void
}

export function createDelivery({ channel, retryDelays, gaveUp }: DeliveryParts): Delivery {
  const waiting: Change[] = []
  const stopped = new AbortController()
  let running = false

  async function run(): Promise<void> {
    for (let change = waiting[0]; change && !stopped.signal.aborted; change = waiting[0]) {
      const error = await deliver(change)
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
  async function deliver(change: Change): Promise<string | undefined> {
    let error = await notify(channel, change, stopped.signal)
    for (const delay of retryDelays) {
      if (!error || stopped.signal.aborted) break
      await pause(delay, stopped.signal)
      error = await notify(channel, change, stopped.signal)
    }
    return error
  }

  return {
    add(change) {
      waiting.push(change)
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

async function notify(
  channel: SubscriptionChannel,
  change: Change,
  stopped: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(targetOf(channel, change), {
      ...requestOf(channel, change),
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

function targetOf(channel: SubscriptionChannel, { record }: Change): string {
  const endpoint = (channel.endpoint ?? '').replace(/\/+$/, '')
  return channel.payload ? `${endpoint}/${record.resourceType}/${record.id}` : (channel.endpoint ?? '')
}

function requestOf(channel: SubscriptionChannel, { kind, record }: Change): RequestInit {
  const headers = readHeaderLines(channel.header ?? [])
  if (!channel.payload) return { method: 'POST', headers }
  if (kind === 'deleted') return { method: 'DELETE', headers }
  headers.set('Content-Type', channel.payload)
  return { method: 'PUT', headers, body: JSON.stringify(record) }
}

function readHeaderLines(lines: readonly string[]): Headers {
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return headers
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
