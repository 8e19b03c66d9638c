/**
 * Where a host's OAuth endpoints are, from `{base}/.well-known/smart-configuration`
 * (https://hl7.org/fhir/smart-app-launch/conformance.html). fhir-kit-client's own discovery races three documents and
 * may answer with an empty one, so it is not used.
 */
import { type Clock, EmrError } from '../flows/ports.ts'
import { fetchJson } from './fetch-json.ts'
import { withoutSlash } from './fhir-call.ts'

/** Milliseconds. */
const freshFor = 60 * 60_000

export interface SmartConfiguration {
  /** Absent on hosts that give out no id_token. */
  issuer?: string
  jwksUri?: string
  tokenEndpoint: string
  /** Absent on hosts for backends only. */
  authorizationEndpoint?: string
  /** Where clients register themselves (RFC 7591). */
  registrationEndpoint?: string
  /** How a backend may sign its assertion; empty when the host does not say. */
  algs: string[]
  capabilities: string[]
}

export async function discoverSmart(baseUrl: string, timeoutFor?: number): Promise<SmartConfiguration> {
  const doing = `Reading the SMART configuration of ${new URL(baseUrl).origin}`
  const where = `${withoutSlash(baseUrl)}/.well-known/smart-configuration`
  const { status, ok, body: document } = await fetchJson(doing, where, { timeoutFor })
  if (!ok) throw new EmrError(`${doing}: it answered ${status}`, { status })
  if (!document) throw new EmrError(`${doing}: it answered something that is not JSON`)
  const url = (name: string) => readUrl(doing, name, document[name], baseUrl)
  const tokenEndpoint = url('token_endpoint')
  if (!tokenEndpoint) throw new EmrError(`${doing}: it names no token_endpoint`)
  return {
    // Kept to the letter: the id_token's `iss` is compared with it as text.
    issuer: typeof document.issuer === 'string' ? document.issuer : undefined,
    jwksUri: url('jwks_uri'),
    tokenEndpoint,
    authorizationEndpoint: url('authorization_endpoint'),
    registrationEndpoint: url('registration_endpoint'),
    algs: texts(document.token_endpoint_auth_signing_alg_values_supported),
    capabilities: texts(document.capabilities),
  }
}

/** The same, asked once an hour for each base; a failure is not remembered. */
export function createSmartDiscovery(now: Clock): (baseUrl: string) => Promise<SmartConfiguration> {
  const known = new Map<string, { asked: Promise<SmartConfiguration>; askedAt: number }>()
  return async (baseUrl) => {
    const held = known.get(baseUrl)
    if (held && now() < held.askedAt + freshFor) return held.asked
    const asked = discoverSmart(baseUrl)
    known.set(baseUrl, { asked, askedAt: now() })
    try {
      return await asked
    } catch (error) {
      if (known.get(baseUrl)?.asked === asked) known.delete(baseUrl)
      throw error
    }
  }
}

/** A host under https must not send our assertion, or its own keys, over http. */
function readUrl(doing: string, name: string, value: unknown, baseUrl: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !URL.canParse(value)) throw new EmrError(`${doing}: ${name} is not a URL`)
  const { protocol } = new URL(value)
  if (protocol === 'https:' || (protocol === 'http:' && new URL(baseUrl).protocol === 'http:')) return value
  throw new EmrError(`${doing}: ${name} is not https`)
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
