/** Short sessions, bound to install, user and patient. Signed, not stored: any web process knows them. */
import { jwtVerify, SignJWT } from 'jose'
import { after, hour, type Instant, toIso } from '../domain/time.ts'
import type { Clock } from '../flows/ports.ts'

export interface SessionFacts {
  install: string
  /** The host's subject for the user. */
  user: string
  /** `Patient/…` */
  patient: string
}

export interface Sessions {
  open(facts: SessionFacts): Promise<{ token: string; expiresAt: string }>
  /** `undefined` when it is not ours, was altered or is over. */
  read(token: string): Promise<SessionFacts | undefined>
}

const lastsFor = hour
const audience = 'qasid-session'

export function createSessions({ secret, now }: { secret: string; now: Clock }): Sessions {
  const key = new TextEncoder().encode(secret)
  return {
    async open({ install, user, patient }) {
      const until: Instant = after(now(), lastsFor)
      const token = await new SignJWT({ install, patient })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(user)
        .setAudience(audience)
        .setExpirationTime(Math.floor(until / 1000))
        .sign(key)
      return { token, expiresAt: toIso(until) }
    },
    async read(token) {
      try {
        const options = { audience, algorithms: ['HS256'], currentDate: new Date(now()) }
        const { payload } = await jwtVerify(token, key, options)
        const { install, patient } = payload as { install?: string; patient?: string }
        return install && patient && payload.sub ? { install, patient, user: payload.sub } : undefined
      } catch {
        return undefined
      }
    },
  }
}
