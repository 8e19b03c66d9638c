/**
 * SMART scopes, version 1 (`user/Patient.read`) and version 2 (`patient/Communication.crus`). A scope narrowed by a
 * query (`?category=…`) is never granted, because this server would not enforce the query.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */
export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search'
export type Level = 'patient' | 'user' | 'system'

export interface ResourceScope {
  level: Level
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
  return { level: level as Level, type, interactions }
}

export function splitScope(scope: string | undefined): string[] {
  return scope?.split(' ').filter(Boolean) ?? []
}

/** The scopes of a request that may be granted: apps act for a person, backends for themselves. */
export function grantableScopes(requested: readonly string[], client: 'app' | 'backend'): string[] {
  return requested.filter((scope) => {
    const parsed = parseResourceScope(scope)
    if (parsed) return (parsed.level === 'system') === (client === 'backend')
    return client === 'app' && contextScopes.some((known) => known === scope)
  })
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
