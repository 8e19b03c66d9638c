/**
 * The scopes that the app asks for, as this host understands them, for this kind of launch. An install names them in
 * SMART v2; a host without `permission-v2` gets them in v1.
 * https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import type { SmartConfiguration } from './smart-discovery.ts'

export async function launchScope(
  scope: string,
  launch: 'ehr' | 'standalone',
  discover: () => Promise<Pick<SmartConfiguration, 'capabilities'>>,
): Promise<string> {
  const wished = forLaunch(scope.split(/\s+/).filter(Boolean), launch)
  // A host that cannot be asked will hardly complete the launch; if it does, what the install says stands.
  const { capabilities } = await discover().catch(() => ({ capabilities: [] as string[] }))
  // One that says nothing of itself is taken at the install's word.
  const speaksV2 = capabilities.length === 0 || capabilities.includes('permission-v2')
  return [...new Set(speaksV2 ? wished : wished.flatMap(toV1))].join(' ')
}

/** Only one of the two: a host asked for both shows its picker over a chart that is open, or refuses. */
function forLaunch(scopes: string[], launch: 'ehr' | 'standalone'): string[] {
  const [wanted, other] = launch === 'ehr' ? ['launch', 'launch/patient'] : ['launch/patient', 'launch']
  const kept = scopes.filter((one) => one !== other)
  return kept.includes(wanted) ? kept : [...kept, wanted]
}

/** `patient/Communication.crus` is `.read` and `.write`. A query is left out: v1 has none, and the host grants what it will. */
function toV1(scope: string): string[] {
  const match = /^((?:patient|user|system)\/(?:\*|[A-Za-z]+))\.(c?r?u?d?s?)(?:\?.*)?$/.exec(scope)
  if (!match) return [scope]
  const [, whose, may = ''] = match
  return [...(/[rs]/.test(may) ? [`${whose}.read`] : []), ...(/[cud]/.test(may) ? [`${whose}.write`] : [])]
}
