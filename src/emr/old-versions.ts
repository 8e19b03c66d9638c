/**
 * Older versions of a resource, which a server keeps when a newer one is written. FHIR R4 has no way to remove them;
 * HAPI and what is built on it have `$expunge`. On other servers an operation of that name removes the whole resource, so
 * it is called only where the server's own definition of it has the parameter that spares the newest version.
 * https://smilecdr.com/docs/fhir_repository/deleting_data.html#the-expunge-operation
 */
import type { CapabilityStatement, OperationDefinition, Parameters } from 'fhir/r4'
import { type Emr, EmrError } from '../flows/ports.ts'
import { createFhirCall, type FhirServer } from './fhir-call.ts'

const wanted = 'expungePreviousVersions'

/** `false` where the server offers no such thing, and keeps them. What it offers is asked once. */
export function createVersionRemoval(server: FhirServer): Emr['removeVersions'] {
  const call = createFhirCall(server)
  let offered: Promise<boolean> | undefined
  const isOffered = () => {
    offered ??= offersExpunge(call).catch((error: unknown) => {
      offered = undefined
      throw error
    })
    return offered
  }
  return async (reference) => {
    if (!(await isOffered())) return false
    const body: Parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: wanted, valueBoolean: true }],
    }
    await call(`Removing older versions of ${reference}`, ({ httpClient }, options) =>
      httpClient.post(`${reference}/$expunge`, body, options),
    )
    return true
  }
}

async function offersExpunge(call: ReturnType<typeof createFhirCall>): Promise<boolean> {
  const stated = await call('Reading the CapabilityStatement', (client, options) =>
    client.capabilityStatement(options),
  )
  const { rest = [] } = stated.body as unknown as CapabilityStatement
  const operations = rest.flatMap(({ operation, resource }) => [
    ...(operation ?? []),
    ...(resource ?? []).filter(({ type }) => type === 'Communication').flatMap((one) => one.operation ?? []),
  ])
  const definition = operations.find(({ name }) => name.replace('$', '') === 'expunge')?.definition
  const id = /OperationDefinition\/([A-Za-z0-9.-]{1,64})(?:\||$)/.exec(definition ?? '')?.[1]
  return id !== undefined && isExpunge(await readDefinition(call, id))
}

async function readDefinition(call: ReturnType<typeof createFhirCall>, id: string): Promise<object> {
  try {
    const read = await call(`Reading OperationDefinition/${id}`, (client, options) =>
      client.read({ resourceType: 'OperationDefinition', id, options }),
    )
    return read.body
  } catch (error) {
    // It says nothing of itself, and nothing is tried.
    if (error instanceof EmrError && error.status !== undefined && error.status < 500) return {}
    throw error
  }
}

function isExpunge(definition: Partial<OperationDefinition>): boolean {
  const isNamed = definition.parameter?.some(({ name }) => name === wanted) ?? false
  return definition.resourceType === 'OperationDefinition' && isNamed
}
