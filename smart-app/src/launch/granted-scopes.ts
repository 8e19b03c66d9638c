/**
 * What the host let us do, out of the granted scopes: SMART v2 (`patient/Communication.crus`, with `?` filters) and
 * v1 (`patient/Communication.read`). Hosts may grant less than was asked for; the screen then shows less, and says so.
 * `patient/` is the chart that is open, `user/` all that the clinician may: both cover it. `system/` is not for people.
 */
export type Interaction = 'read' | 'search' | 'create' | 'update'

/** `part`: a filter stands at the scope, so what it leaves out cannot be seen. */
export type Grant = 'all' | 'part' | 'none'

const v2: Record<Interaction, string> = { read: 'r', search: 's', create: 'c', update: 'u' }
const v1: Record<Interaction, string> = { read: 'read', search: 'read', create: 'write', update: 'write' }

/** An absent scope means that everything asked for was granted (RFC 6749, 5.1). */
export function effectiveScope(granted: string | undefined, asked: string | undefined): string {
  return granted?.trim() || asked?.trim() || ''
}

/** Where nothing at all is known of the scopes, the host will say by itself what we may not. */
export function grantOf(scope: string, type: string, interaction: Interaction): Grant {
  if (!scope) return 'all'
  const grants = scope.split(/\s+/).map((one) => grantBy(one, type, interaction))
  return grants.includes('all') ? 'all' : grants.includes('part') ? 'part' : 'none'
}

/** What is read may be a part of it. A write that a filter might refuse is not offered. */
export function isGranted(scope: string, type: string, interaction: Interaction): boolean {
  const grant = grantOf(scope, type, interaction)
  return grant === 'all' || (grant === 'part' && (interaction === 'read' || interaction === 'search'))
}

function grantBy(scope: string, type: string, interaction: Interaction): Grant {
  const match = /^(?:patient|user)\/([A-Za-z]+|\*)\.([a-z]+|\*)(\?.+)?$/.exec(scope)
  if (!match) return 'none'
  const [, resource, permission = '', filter] = match
  if (resource !== '*' && resource !== type) return 'none'
  // v1 knows no filters: with one it is a scope that nobody defined.
  if (permission === '*' || permission === v1[interaction]) return filter ? 'none' : 'all'
  if (!/^c?r?u?d?s?$/.test(permission) || !permission.includes(v2[interaction])) return 'none'
  return filter ? 'part' : 'all'
}

/** The chart as the screen reads it. */
const readings = {
  Patient: 'read',
  Communication: 'search',
  CommunicationRequest: 'search',
  Consent: 'search',
  Appointment: 'search',
} as const satisfies Record<string, Interaction>

export type ChartPart = keyof typeof readings

/** How much of each part the host lets us see. What was never asked for, it does not withhold. */
export function shownParts(granted: string, asked: string | undefined): Record<ChartPart, Grant> {
  const parts = Object.entries(readings).map(([type, interaction]): [string, Grant] => {
    const wished = asked ? grantOf(asked, type, interaction) : 'all'
    const given = grantOf(granted, type, interaction)
    // A filter that we asked for ourselves takes nothing away.
    return [type, wished === 'none' || wished === given ? 'all' : given]
  })
  return Object.fromEntries(parts) as Record<ChartPart, Grant>
}
