/**
 * What the host let us do, out of the granted scopes: SMART v2 (`patient/Communication.crus`, with `?` filters) and
 * v1 (`patient/Communication.read`). Hosts may grant less than was asked for; the screen then shows less.
 */
export type Interaction = 'read' | 'search' | 'create'

const v2: Record<Interaction, string> = { read: 'r', search: 's', create: 'c' }
const v1: Record<Interaction, string> = { read: 'read', search: 'read', create: 'write' }

/** An absent scope means that everything asked for was granted (RFC 6749, 5.1). */
export function isGranted(scope: string | undefined, type: string, interaction: Interaction): boolean {
  if (!scope?.trim()) return true
  return scope.split(/\s+/).some((one) => covers(one, type, interaction))
}

function covers(scope: string, type: string, interaction: Interaction): boolean {
  const match = /^(?:patient|user)\/([A-Za-z]+|\*)\.([a-z]+|\*)(?:\?.*)?$/.exec(scope)
  if (!match) return false
  const [, resource, permission = ''] = match
  if (resource !== '*' && resource !== type) return false
  if (permission === '*' || permission === v1[interaction]) return true
  return /^c?r?u?d?s?$/.test(permission) && permission.includes(v2[interaction])
}
