/**
 * Reads the bearer token of a FHIR request: a JWT that our own authorization server signed for our own FHIR base.
 */
import type { KeyObject } from 'node:crypto'
import { type JWTPayload, jwtVerify } from 'jose'
import { type Interaction, mayByScopes, parseResourceScope, splitScope } from './scopes.ts'

export type Access =
  | {
      kind: 'allowed'
      may(interaction: Interaction, type: string): boolean
      /** The only patient whose records of this type may be seen: `patient/` scopes alone cover it. Undefined = all. */
      patientOf(type: string): string | undefined
    }
  | { kind: 'refused' }

export interface AccessParts {
  issuer: string
  fhirUrl: string
  publicKey: KeyObject
}

export function createAuthorize(parts: AccessParts): (authorization: string | undefined) => Promise<Access> {
  // What was signed once is signed for ever, and lives as long as it says.
  const verified = new Map<string, { access: Access; until: number }>()
  return async (authorization) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
    if (!token) return { kind: 'refused' }
    const known = verified.get(token)
    if (known && Date.now() < known.until) return known.access
    verified.delete(token)
    const claims = await readClaims(token, parts)
    if (!claims) return { kind: 'refused' }
    const access = accessOf(claims)
    for (const oldest of [...verified.keys()].slice(0, -mostVerified)) verified.delete(oldest)
    verified.set(token, { access, until: (claims.exp ?? 0) * 1_000 })
    return access
  }
}

const mostVerified = 100

async function readClaims(token: string, parts: AccessParts): Promise<JWTPayload | undefined> {
  try {
    const verified = await jwtVerify(token, parts.publicKey, {
      issuer: parts.issuer,
      audience: parts.fhirUrl,
      algorithms: ['RS256'],
      // An id_token is signed with the same key and must not open the chart.
      typ: 'at+jwt',
    })
    return verified.payload
  } catch {
    return undefined
  }
}

function accessOf(claims: JWTPayload): Access {
  const scope = typeof claims.scope === 'string' ? claims.scope : undefined
  const scopes = splitScope(scope).flatMap((word) => parseResourceScope(word) ?? [])
  const wide = scopes.filter(({ level }) => level !== 'patient')
  const patient = typeof claims.patient === 'string' ? claims.patient : undefined
  if (wide.length === 0 && !patient) return { kind: 'refused' }
  return {
    kind: 'allowed',
    may: (interaction, type) => mayByScopes(patient ? scopes : wide, interaction, type),
    patientOf: (type) =>
      wide.some((scope) => scope.type === '*' || scope.type === type) ? undefined : patient,
  }
}
