/** Each way in which an install can fail, in one sentence that says what to do. */

import type { Registered } from './registration.ts'

/** What was being done when a server did not do as we needed. */
export type InstallStep =
  | 'reading its CapabilityStatement'
  | 'reading its SMART configuration'
  | 'registering'
  | 'fetching a token'
  | 'trying what it can do'

/** Of an `EmrError`: `status` and `code` are the server's, `says` our own words about it. */
export interface Refusal {
  status?: number
  code?: string
  says: string
}

export interface TroublePlace {
  fhirBase: string
  /** Where the host fetches our keys, and whether we could fetch them ourselves. */
  jwksUrl: string
  jwksReachable: boolean
  scopes: string[]
}

export function explainTrouble(step: InstallStep, refusal: Refusal, place: TroublePlace): string {
  const origin = new URL(place.fhirBase).host
  switch (step) {
    case 'reading its CapabilityStatement':
      return explainMetadata(refusal, place.fhirBase, origin)
    case 'reading its SMART configuration':
      return `${origin} has a SMART configuration that cannot be used: ${refusal.says}.`
    case 'registering':
      return explainRegistration(refusal, origin)
    case 'fetching a token':
      return explainToken(refusal, place, origin)
    case 'trying what it can do':
      return `${origin} answered at first and then failed: ${refusal.says}. Run the same command again.`
  }
}

function explainMetadata({ status, says }: Refusal, fhirBase: string, origin: string): string {
  if (status === undefined) return explainSilence(says, fhirBase, origin)
  if (status === 401 || status === 403)
    return `${origin} shows its CapabilityStatement to nobody (${status}); it must be public at ${fhirBase}/metadata.`
  if (status === 404 || status === 410)
    return `There is no CapabilityStatement at ${fhirBase}/metadata: is that the FHIR base URL? It often ends in /fhir, /fhir/r4 or /R4.`
  return `${origin} answered ${status} to the question for its CapabilityStatement; try again when it is well.`
}

/** Of what stopped us before any answer, only the code of the connection is known. */
function explainSilence(says: string, fhirBase: string, origin: string): string {
  const code = /could not be reached \((\w+)\)/.exec(says)?.[1] ?? ''
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code))
    return `${origin} shows a certificate that this machine does not trust (${code}): give Node its authority with NODE_EXTRA_CA_CERTS, or have the certificate mended.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `No machine called ${origin} is known here (${code}): is the name spelt right, and can this machine look it up?`
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${origin} (${code}): is the EMR up, and is that its port?`
  if (code)
    return `${origin} cannot be reached from this machine (${code}): is a network or a proxy in the way?`
  if (says.includes('no answer within'))
    return `${origin} did not answer in time: is a firewall between this machine and it?`
  return `${origin} did not answer as a FHIR server: ${says}. Is ${fhirBase} its FHIR base URL?`
}

/** `undefined` for R4. */
export function explainVersion(fhirVersion: string, fhirBase: string): string | undefined {
  if (fhirVersion.startsWith('4.0')) return undefined
  const origin = new URL(fhirBase).host
  const spoken = /^[\w.-]{1,20}$/.test(fhirVersion) ? `FHIR ${fhirVersion}` : 'FHIR of no stated version'
  return `${origin} speaks ${spoken} at ${fhirBase}, and Qasid speaks R4 (4.0.1): many servers have R4 under another base.`
}

function explainRegistration({ status, code, says }: Refusal, origin: string): string {
  if (status === 401 || status === 403)
    return `${origin} registers clients for administrators only: give an administrator's token with --token-env.`
  if (status === 404 || status === 405)
    return `${origin} has no registration where it says that it has one (${status}): register by hand, with --dialect by-hand.`
  if (code === 'invalid_redirect_uri')
    return `${origin} does not take our redirect address: QASID_BASE_URL must be one that it allows, usually under https.`
  if (code === 'invalid_client_metadata')
    return `${origin} does not take what we said of ourselves (invalid_client_metadata): register by hand, with --dialect by-hand.`
  return `${origin} did not register us: ${says}. With --dialect by-hand you get a list of what to type in.`
}

function explainToken(refusal: Refusal, place: TroublePlace, origin: string): string {
  const { code, says } = refusal
  if (/clock/.test(says))
    return `${origin} refuses what we sign because its clock and ours differ: ${says}. Set the clock of this machine (NTP).`
  if (code === 'invalid_scope')
    return `${origin} does not give the worker its scopes: allow ${place.scopes.join(' ')}.`
  if (code === 'unauthorized_client')
    return `${origin} knows the worker's client and does not let it sign in (unauthorized_client): an administrator must enable it.`
  if (code === 'invalid_client' || code === 'invalid_grant') return explainKeys(code, place, origin)
  return `${origin} gave the worker no token: ${says}.`
}

function explainKeys(code: string, { jwksUrl, jwksReachable }: TroublePlace, origin: string): string {
  return jwksReachable
    ? `${origin} does not know the worker's client or could not fetch its keys (${code}): from there ${jwksUrl} must be reachable, and be what is registered.`
    : `${origin} could not fetch our keys (${code}): nothing answers at ${jwksUrl}. Start qasid serve first, and see that QASID_BASE_URL is its public address.`
}

/** Of clients that a host neither lets sign in nor lets us take back: OpenEMR's wait for an administrator. */
export function explainWaiting({ worker, app }: Registered, role: 'host' | 'store'): string {
  const prefix = role === 'host' ? '--' : '--store-'
  const options = [
    ...(worker ? [`${prefix}client-id ${worker.clientId}`] : []),
    ...(app ? [`--app-client-id ${app.clientId}`] : []),
  ]
  return `Our clients stay known there: once they are enabled, run the same command with ${options.join(' ')}.`
}

/** The first thing typed; a sentence where it cannot be a FHIR base. */
export function readFhirBase(
  text: string,
): { kind: 'base'; fhirBase: string } | { kind: 'refused'; because: string } {
  const refused = (because: string) => ({ kind: 'refused' as const, because })
  if (!URL.canParse(text))
    return refused('That is no URL: give the FHIR base, such as https://emr.example/fhir.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refused('A FHIR base begins with https://.')
  if (url.username || url.password) return refused('A FHIR base holds no user and password.')
  if (url.search || url.hash) return refused('A FHIR base has nothing after its path.')
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !isLocal)
    return refused('A FHIR base elsewhere than on this machine must be under https://.')
  return { kind: 'base', fhirBase: url.href.replace(/\/(metadata)?\/*$/, '') }
}
