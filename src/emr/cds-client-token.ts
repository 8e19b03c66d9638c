/**
 * Who calls us by CDS Hooks: a JWT that the EMR signs for each call (https://cds-hooks.hl7.org/2.0/#trusting-cds-clients).
 * Keys come from the address that the install file lists, never from one that the token names.
 */
import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type Clock, EmrError } from '../flows/ports.ts'
import { findKeysAt } from './id-token.ts'

export interface CdsClient {
  install: string
  /** To the letter. */
  iss: string
  jku: string
  algs: string[]
}

export interface CdsClientTokens {
  /**
   * The installs whose list names the caller; `undefined` when anything about the token is wrong, or it was used before.
   * Throws `EmrError` when the caller's keys cannot be had.
   */
  verify(token: string, audience: string): Promise<string[] | undefined>
}

export interface CdsClientTokenWishes {
  clients: CdsClient[]
  /** `false` when the same mark was taken before, within so many milliseconds. Rejects while nobody can tell. */
  takeOnce(mark: string, keptFor: number): Promise<boolean>
  now: Clock
  /** Milliseconds that a caller's keys may take. */
  timeoutFor?: number
}

/** Seconds. */
const clocksDifferBy = 60
const longestLife = 10 * 60

export function createCdsClientTokens(wishes: CdsClientTokenWishes): CdsClientTokens {
  const { clients, takeOnce, now, timeoutFor = 3_000 } = wishes
  const keySets = new Map<string, JWTVerifyGetKey>()
  const keysAt = (jku: string) => {
    const known = keySets.get(jku) ?? findKeysAt(jku, timeoutFor)
    keySets.set(jku, known)
    return known
  }
  const prove = (token: string, { iss, jku, algs }: CdsClient, audience: string) =>
    proven(token, keysAt(jku), { issuer: iss, audience, algs, now: now() })

  return {
    async verify(token, audience) {
      const claimed = readClaims(token)
      const named = clients.filter(
        ({ iss, jku }) => iss === claimed?.iss && (claimed.jku === undefined || jku === claimed.jku),
      )
      const installs: string[] = []
      let payload: Proven | undefined
      for (const client of named) {
        const found = await prove(token, client, audience)
        if (found) installs.push(client.install)
        payload ??= found
      }
      if (!payload) return undefined
      const keptFor = (payload.exp + clocksDifferBy) * 1_000 - now()
      return (await takeOnce(markOf(payload), keptFor)) ? installs : undefined
    },
  }
}

/** What it says of itself: good only to find the entry of the list that it has to match. */
function readClaims(token: string): { iss?: string; jku?: unknown } | undefined {
  try {
    const { jku } = decodeProtectedHeader(token)
    return { iss: decodeJwt(token).iss, jku }
  } catch {
    return undefined
  }
}

interface Proven {
  iss: string
  jti: string
  exp: number
}

async function proven(
  token: string,
  keys: JWTVerifyGetKey,
  expected: { issuer: string; audience: string; algs: string[]; now: number },
): Promise<Proven | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: expected.issuer,
      audience: expected.audience,
      algorithms: expected.algs,
      typ: 'JWT',
      clockTolerance: clocksDifferBy,
      currentDate: new Date(expected.now),
      maxTokenAge: longestLife,
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    // Of several keys the first would be tried.
    return protectedHeader.kid ? toProven(payload, expected) : undefined
  } catch (error) {
    if (error instanceof EmrError) throw error
    return undefined
  }
}

/** What the library does not ask: it is for us alone, short-lived, and can be known again. */
function toProven(
  { iss, aud, jti, exp, iat }: JWTPayload,
  { audience }: { audience: string },
): Proven | undefined {
  const isForUsAlone = aud === audience || (Array.isArray(aud) && aud.length === 1)
  if (!isForUsAlone || iss === undefined || exp === undefined || iat === undefined) return undefined
  if (exp - iat > longestLife || typeof jti !== 'string' || jti === '' || jti.length > 256) return undefined
  return { iss, jti, exp }
}

/** Of a length, and leading back to nothing. */
function markOf({ iss, jti }: Proven): string {
  return createHash('sha256')
    .update(JSON.stringify([iss, jti]))
    .digest('hex')
}
