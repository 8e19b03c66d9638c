/**
 * SMART scopes, version 1 (`user/Patient.read`) and version 2 (`patient/Communication.crus`). A scope narrowed by a
 * query (`?category=…`) is never granted, because this server would not enforce the query.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */
import type { ScopeLevel, ScopeVersion } from '../likes/like.ts'

export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search'

export interface ResourceScope {
  level: ScopeLevel
  version: ScopeVersion
  /** A resource type, or `*`. */
  type: string
  interactions: readonly Interaction[]
}

/** What an app may ask for beside resource scopes. */
export const contextScopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'online_access',
  'offline_access',
] as const

const version1: Record<string, readonly Interaction[]> = {
  read: ['read', 'search'],
  write: ['create', 'update', 'delete'],
  '*': ['create', 'read', 'update', 'delete', 'search'],
}

const version2: Record<string, Interaction> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
}

export function parseResourceScope(scope: string): ResourceScope | undefined {
  const parts = /^(patient|user|system)\/([A-Z][A-Za-z]+|\*)\.(read|write|\*|c?r?u?d?s?)$/.exec(scope)
  if (!parts) return undefined
  const [, level, type, permission] = parts
  if (!level || !type || !permission) return undefined
  const interactions = version1[permission] ?? [...permission].flatMap((letter) => version2[letter] ?? [])
  const version = permission in version1 ? 'v1' : 'v2'
  return { level: level as ScopeLevel, type, version, interactions }
}

export function splitScope(scope: string | undefined): string[] {
  return scope?.split(' ').filter(Boolean) ?? []
}

export interface ScopeTerms {
  /** Apps act for a person: `patient`, `user`. Backends act for themselves: `system`. */
  levels: readonly ScopeLevel[]
  versions: readonly ScopeVersion[]
  /** What the client registered for; undefined: anything. */
  registered?: string
}

/** The scopes of a request that may be granted. */
export function grantableScopes(requested: readonly string[], terms: ScopeTerms): string[] {
  const { levels, versions } = terms
  const registered = terms.registered === undefined ? undefined : splitScope(terms.registered)
  return requested.filter((word) => {
    const scope = parseResourceScope(word)
    if (scope)
      return levels.includes(scope.level) && versions.includes(scope.version) && isCovered(scope, registered)
    const isContext = contextScopes.some((known) => known === word)
    return isContext && !levels.includes('system') && (registered?.includes(word) ?? true)
  })
}

function isCovered(scope: ResourceScope, registered: readonly string[] | undefined): boolean {
  if (!registered) return true
  const own = registered.flatMap((word) => parseResourceScope(word) ?? [])
  const sameLevel = own.filter(({ level }) => level === scope.level)
  return scope.interactions.every((one) => mayByScopes(sameLevel, one, scope.type))
}

/** Does one of the scopes allow this interaction with this type? */
export function mayByScopes(
  scopes: readonly ResourceScope[],
  interaction: Interaction,
  type: string,
): boolean {
  return scopes.some(
    (scope) => (scope.type === '*' || scope.type === type) && scope.interactions.includes(interaction),
  )
}
