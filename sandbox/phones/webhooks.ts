/** Posts to the clinic's webhooks, in a company's words, repeated until somebody says 2xx or patience ends. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Faults } from './faults.ts'
import type { Signing, WireCall } from './wire.ts'

/** Milliseconds between tries; two and a half minutes in all, enough for a restart of the clinic's server. */
const retryAfter = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]
const answerWithin = 15_000

/** Makes the call anew for each try: only its signature may differ. `undefined`: the company says nothing of this. */
export type MakeCall = (signing: Signing) => WireCall | undefined

export interface Webhooks {
  /** One try; true when the clinic took it, or when there was nothing to say. Never throws. */
  post(wire: string, call: MakeCall): Promise<boolean>
  /** Tries the same again and again; true as soon as it is taken, false when given up or stopped. */
  repeat(wire: string, call: MakeCall): Promise<boolean>
}

export function createWebhooks({ faults, stopped }: { faults: Faults; stopped: AbortSignal }): Webhooks {
  const post = async (wire: string, makeCall: MakeCall) => {
    // What is not said uses up no fault.
    if (!makeCall('right')) return true
    const call = makeCall(signingOf(faults.take(wire, 'unsigned', 'wrong-signature')?.kind))
    if (!call) return true
    try {
      const response = await fetch(call.url, {
        method: 'POST',
        headers: call.headers,
        body: call.body,
        signal: AbortSignal.any([stopped, AbortSignal.timeout(answerWithin)]),
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      // Refused, reset, too slow: to a carrier all the same.
      return false
    }
  }
  const repeat = async (wire: string, makeCall: MakeCall) => {
    for (const pause of retryAfter) {
      if (!(await waitUnlessStopped(pause, stopped))) return false
      if (await post(wire, makeCall)) return true
    }
    return false
  }
  return { post, repeat }
}

function signingOf(fault: 'unsigned' | 'wrong-signature' | undefined): Signing {
  if (fault === undefined) return 'right'
  return fault === 'unsigned' ? 'none' : 'wrong'
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
