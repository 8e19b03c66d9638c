/** Posts to the clinic's webhooks: signed over the raw bytes, repeated until somebody says 2xx or patience ends. */
import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Faults } from './faults.ts'

/** Milliseconds between tries; two and a half minutes in all, enough for a restart of the clinic's server. */
const retryAfter = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]
const answerWithin = 15_000

export interface Webhooks {
  /** One try; true when the clinic took it. Never throws. */
  post(url: string, body: object): Promise<boolean>
  /** Tries the same body again and again; true as soon as it is taken, false when given up or stopped. */
  repeat(url: string, body: object): Promise<boolean>
}

export function createWebhooks(parts: { secret: string; faults: Faults; stopped: AbortSignal }): Webhooks {
  const { secret, faults, stopped } = parts
  const post = async (url: string, body: object) => {
    const raw = Buffer.from(JSON.stringify(body))
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signature(raw, secret, faults) },
        body: raw,
        signal: AbortSignal.any([stopped, AbortSignal.timeout(answerWithin)]),
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      // Refused, reset, too slow: to a carrier all the same.
      return false
    }
  }
  const repeat = async (url: string, body: object) => {
    for (const pause of retryAfter) {
      if (!(await waitUnlessStopped(pause, stopped))) return false
      if (await post(url, body)) return true
    }
    return false
  }
  return { post, repeat }
}

/** False when it was stopped meanwhile. */
export async function waitUnlessStopped(milliseconds: number, stopped: AbortSignal): Promise<boolean> {
  try {
    await wait(milliseconds, undefined, { signal: stopped })
    return true
  } catch {
    return false
  }
}

function signature(raw: Buffer, secret: string, faults: Faults): Record<string, string> {
  const fault = faults.take('unsigned', 'wrong-signature')
  if (fault === 'unsigned') return {}
  const key = fault === 'wrong-signature' ? `not ${secret}` : secret
  return { 'x-mock-signature': `sha256=${createHmac('sha256', key).update(raw).digest('hex')}` }
}
