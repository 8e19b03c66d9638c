/**
 * The opaque `launch` value of an EHR launch: minted when a practitioner opens an app from a patient's page, redeemed
 * once, within minutes, by the authorization request of that app.
 */
import { randomBytes } from 'node:crypto'

export interface LaunchContext {
  /** Patient id. */
  patient: string
  /** Practitioner id. */
  practitioner: string
}

export interface LaunchTokens {
  mint(context: LaunchContext): string
  /** Is it known, unused and young enough? Does not use it up. */
  isGood(token: string): boolean
  redeem(token: string): LaunchContext | undefined
}

const lifetime = 5 * 60_000

export function createLaunchTokens(now: () => number): LaunchTokens {
  const minted = new Map<string, { context: LaunchContext; until: number }>()

  function isGood(token: string): boolean {
    const entry = minted.get(token)
    return entry !== undefined && entry.until > now()
  }

  return {
    isGood,
    mint(context) {
      for (const [token, { until }] of minted) if (until <= now()) minted.delete(token)
      const token = randomBytes(24).toString('base64url')
      minted.set(token, { context, until: now() + lifetime })
      return token
    },
    redeem(token) {
      const context = isGood(token) ? minted.get(token)?.context : undefined
      minted.delete(token)
      return context
    },
  }
}
