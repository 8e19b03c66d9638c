/** Short sessions, bound to install, user and patient. Signed, not stored: any web process knows them. */
import { jwtVerify, SignJWT } from 'jose'
import { after, type Duration, hour, type Instant, instant, toIso } from '../domain/time.ts'
import type { Clock } from '../flows/ports.ts'

export interface SessionFacts {
  install: string
  /** The host's subject for the user. */
  user: string
  /** `Patient/…` */
  patient: string
  /** FHIR base of the host: an id may be given to another host later. */
  host?: string
  /** What the user is at the host, `Practitioner/…`; absent where the host does not say. */
  fhirUser?: string
}

/** For how long; an hour, and not to be renewed, unless told. */
export interface SessionTerm {
  lastsFor: Duration
  /** Until then another may follow without a new id_token; absent: none may. */
  renewableUntil?: Instant
}

export interface Sessions {
  open(facts: SessionFacts, term?: SessionTerm): Promise<{ token: string; expiresAt: string }>
  /** `undefined` when it is not ours, was altered or is over. */
  read(token: string): Promise<SessionFacts | undefined>
  /** Also of one that is over. `undefined` when none may follow it (any more). */
  readRenewable(token: string): Promise<(SessionFacts & { renewableUntil: Instant }) | undefined>
}

const audience = 'qasid-session'

export function createSessions({ secret, now }: { secret: string; now: Clock }): Sessions {
  const key = new TextEncoder().encode(secret)
  const verify = async (token: string, at: Instant) => {
    try {
      const options = { audience, algorithms: ['HS256'], currentDate: new Date(at) }
      const { payload } = await jwtVerify(token, key, options)
      const claims = payload as Partial<Record<'install' | 'patient' | 'fhirUser' | 'host', string>>
      const { install, patient, fhirUser, host } = claims
      if (!install || !patient || !payload.sub) return undefined
      const facts: SessionFacts = {
        install,
        patient,
        user: payload.sub,
        ...(fhirUser && { fhirUser }),
        ...(host && { host }),
      }
      return { facts, renewableUntil: payload.renewableUntil }
    } catch {
      return undefined
    }
  }
  return {
    async open(
      { install, user, patient, fhirUser, host },
      { lastsFor, renewableUntil } = { lastsFor: hour },
    ) {
      const until: Instant = after(now(), lastsFor)
      const token = await new SignJWT({ install, patient, fhirUser, host, renewableUntil })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(user)
        .setAudience(audience)
        .setExpirationTime(Math.floor(until / 1000))
        .sign(key)
      return { token, expiresAt: toIso(until) }
    },
    read: async (token) => (await verify(token, now()))?.facts,
    async readRenewable(token) {
      const found = await verify(token, instant(0))
      const until = found?.renewableUntil
      if (!found || typeof until !== 'number' || until <= now()) return undefined
      return { ...found.facts, renewableUntil: instant(until) }
    },
  }
}
