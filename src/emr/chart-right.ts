/**
 * Whether the host shows a clinician this patient, asked with the clinician's own token. It goes to the host's base and
 * nowhere else, is used for this one question, and stands in no error.
 */
import { EmrError } from '../flows/ports.ts'
import { withoutSlash } from './fhir-call.ts'

export interface ChartRight {
  /** `true` only when the host answered with that very Patient. Throws `EmrError` while it cannot tell. */
  hasRight(patient: string, proof: { accessToken: string; subject: string }): Promise<boolean>
}

export function createChartRight(host: {
  baseUrl: string
  /** Milliseconds, 5 s unless told. */
  timeoutFor?: number
}): ChartRight {
  return {
    async hasRight(patient, { accessToken, subject }) {
      const id = /^Patient\/((?!\.{1,2}$)[A-Za-z0-9.-]{1,64})$/.exec(patient)?.[1]
      if (!id || !isBearer(accessToken) || !isSamePerson(accessToken, subject)) return false
      const shown = await ask(host, id, accessToken)
      return shown?.resourceType === 'Patient' && shown.id === id
    },
  }
}

/** `undefined` when the host says no. */
async function ask(
  { baseUrl, timeoutFor = 5_000 }: Parameters<typeof createChartRight>[0],
  id: string,
  accessToken: string,
): Promise<{ resourceType?: unknown; id?: unknown } | undefined> {
  const doing = `Asking the host for Patient/${id}`
  const signal = AbortSignal.timeout(timeoutFor)
  const headers = { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` }
  // A redirect would carry the token to an address nobody configured.
  const init = { headers, signal, redirect: 'manual', cache: 'no-store' } as const
  let answer: { status: number; text: string }
  try {
    const response = await fetch(`${withoutSlash(baseUrl)}/Patient/${id}`, init)
    answer = { status: response.status, text: await response.text() }
  } catch {
    if (signal.aborted) throw new EmrError(`${doing}: no answer within ${timeoutFor} ms`)
    throw new EmrError(`${doing}: it could not be reached`)
  }
  const { status, text } = answer
  if ([401, 403, 404, 410].includes(status)) return undefined
  if (status !== 200) throw new EmrError(`${doing}: the host answered ${status}`, { status })
  const shown = parseObject(text)
  if (!shown) throw new EmrError(`${doing}: the host answered something that is not FHIR`)
  return shown
}

/** RFC 6750's alphabet: anything else is no token, and must not become a header. */
function isBearer(token: string): boolean {
  return /^[A-Za-z0-9._~+/-]+=*$/.test(token)
}

/**
 * As far as it can be told: many tokens are opaque, and then only that the host takes it counts. Where one can be read it
 * says whose it is in the id_token's own words (RFC 9068, 2.2); the host has checked its signature, or refuses it.
 */
function isSamePerson(accessToken: string, subject: string): boolean {
  const [, claims, signature] = accessToken.split('.')
  if (!claims || signature === undefined) return true
  const read = parseObject(Buffer.from(claims, 'base64url').toString('utf8')) as { sub?: unknown } | undefined
  return typeof read?.sub !== 'string' || read.sub === subject
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
