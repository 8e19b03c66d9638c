/** One FHIR server, host or store, with the ways on which it is asked. */
import { minute } from '../domain/time.ts'
import { type Backend, type BackendToken, createBackendToken } from '../emr/backend-token.ts'
import { type Capabilities, readCapabilities } from '../emr/capabilities.ts'
import type { FhirServer, Refusal } from '../emr/fhir-call.ts'
import { createEmr, type EmrWishes } from '../emr/fhir-server.ts'
import { createRetryGate } from '../emr/retry-after.ts'
import { createRightOfWay } from '../emr/right-of-way.ts'
import type { Emr } from '../flows/ports.ts'
import type { FhirPlace } from '../install-file.ts'
import type { SigningKeys } from '../signing-keys.ts'

/** Milliseconds that a host or store in trouble is waited for. */
export interface Patience {
  waitsFor: number
}

/** Somebody waits for the answer and can repeat the question. */
export const inAHurry: Patience = { waitsFor: 0 }
/** Nobody waits but the work itself, and there is nothing better to do meanwhile. */
export const patiently: Patience = { waitsFor: 5 * minute }

/** What a bulk run asks is gathered into fewer and larger requests than what someone waits for. */
const inBulk = { most: 100, atOnce: 2 }
const atOnce = { most: 50, atOnce: 4 }

export interface ComposedServer {
  server: FhirServer
  emr: Emr
  /** With a way of its own, which the other makes room for. */
  fast: Emr
  /** For whom trouble is an error at once. */
  hurried: Emr
  /** Asked when first needed; asked again after a failure. */
  capabilities(): Promise<Capabilities>
}

export interface ServerParts extends Pick<Backend, 'discover' | 'now'> {
  /** What we sign with as a client. */
  keys: SigningKeys['current']
  patience: Patience
  onTrouble(): void
  /** Of a store beside the host. */
  hostBase?: string
}

export function composeServer(place: FhirPlace, parts: ServerParts): ComposedServer {
  const { now, patience, onTrouble, hostBase } = parts
  const token = composeToken(place, parts)
  const server = {
    ...{ baseUrl: place.fhirBase, gate: createRetryGate<Refusal>() },
    ...(token && { token }),
    ...(hostBase && { hostBase }),
  }
  const capabilities = once(() => readCapabilities(server))
  const takesConditions = async () => takesConditionalCreates(await capabilities())
  const of = createRightOfWay(now)
  const emr = (wishes: Pick<EmrWishes, 'batch' | 'waitsFor' | 'way'>) =>
    createEmr(server, { now, takesConditions, onTrouble, ...wishes })
  return {
    server,
    emr: emr({ batch: inBulk, ...patience, way: { of, role: 'gives' } }),
    fast: emr({ batch: atOnce, ...patience, way: { of, role: 'takes' } }),
    hurried: emr({ batch: atOnce, ...inAHurry }),
    capabilities,
  }
}

/** Nothing for a server that asks for no token. */
export function composeToken(
  { fhirBase: baseUrl, clientId, scope, clientSecret }: FhirPlace,
  { discover, now, keys }: Pick<ServerParts, 'discover' | 'now' | 'keys'>,
): BackendToken | undefined {
  if (clientId === undefined || scope === undefined) return undefined
  const client = { baseUrl, clientId, scope, discover, now }
  return createBackendToken(clientSecret ? { ...client, secret: clientSecret } : { ...client, keys })
}

/** Whether the claim may trust `If-None-Exist`. Who does not say so is not believed. */
function takesConditionalCreates({ resources }: Capabilities): boolean {
  return resources.get('Communication')?.conditionalCreate ?? false
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}
