/**
 * Who may do what under /fhir. `sandbox-admin` may do everything (sandbox only); every other token is
 * judged by the SMART server. Where patient scopes alone cover a type, only what belongs to that patient is there.
 */
import { forbidden, notFound, OperationOutcomeError } from '@medplum/core'
import type { OperationOutcome } from '@medplum/fhirtypes'
import type { Binary } from 'fhir/r4'
import type { RecordStore, Version } from './record-store.ts'
import { findParameter, isResourceType } from './search-parameters.ts'

export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search'

export interface Access {
  may(interaction: Interaction, type: string): boolean
  /** The id of the only patient whose records of this type may be seen; undefined = all patients. */
  patientOf(type: string): string | undefined
}

export type Authorize = (
  authorization: string | undefined,
) => Promise<({ kind: 'allowed' } & Access) | { kind: 'refused' }>

export const everything: Access = { may: () => true, patientOf: () => undefined }

const adminHeader = 'Bearer sandbox-admin'

export function isAdmin(authorization: string | undefined): boolean {
  return authorization === adminHeader
}

/** undefined: no token where one is needed, or one that nobody issued. */
export async function findAccess(
  header: string | undefined,
  authorize: Authorize,
): Promise<Access | undefined> {
  if (isAdmin(header)) return everything
  const answer = await authorize(header)
  return answer.kind === 'allowed' ? answer : undefined
}

export interface Gate {
  /** Throws what the caller is to be told. */
  require(interaction: Interaction, type: string): void
  requireVisible(record: Version): void
  maySee(record: Version): boolean
}

export function createGate(access: Access, store: RecordStore): Gate {
  const maySee = (record: Version) => {
    const patient = access.patientOf(record.resourceType)
    return patient === undefined || belongsTo(patient, record, store)
  }
  return {
    require(interaction, type) {
      if (!isResourceType(type)) throw new OperationOutcomeError(unknownType)
      if (!access.may(interaction, type)) throw new OperationOutcomeError(forbidden)
    },
    requireVisible(record) {
      if (!maySee(record)) throw new OperationOutcomeError(forbidden)
    },
    maySee,
  }
}

export const unknownType: OperationOutcome = {
  ...notFound,
  issue: [
    {
      severity: 'error',
      code: 'not-supported',
      details: { text: 'This server holds no such resource type' },
    },
  ],
}

function contextOf({ securityContext }: Binary, store: RecordStore): Version | undefined {
  const [type = '', id = ''] = securityContext?.reference?.split('/') ?? []
  const context = store.find(type, id)
  return typeof context === 'object' ? context : undefined
}

const compartmentCodes = ['patient', 'subject', 'actor', 'recipient']

/**
 * A type without any patient parameter (Location, Practitioner …) belongs to everybody; a record of a
 * patient type that names no patient belongs to nobody. A Binary belongs to whom the record that it was made for does.
 */
function belongsTo(patient: string, record: Version, store: RecordStore): boolean {
  const { resourceType, id } = record
  if (resourceType === 'Patient') return id === patient
  if (record.resourceType === 'Binary') {
    const context = contextOf(record, store)
    return context !== undefined && context.resourceType !== 'Binary' && belongsTo(patient, context, store)
  }
  const parameters = compartmentCodes.flatMap((code) => {
    const parameter = findParameter(resourceType, code)
    return parameter?.targets.includes('Patient') ? [parameter] : []
  })
  if (parameters.length === 0) return true
  return parameters.some((parameter) =>
    store.valuesOf(resourceType, id, parameter)?.references.includes(`Patient/${patient}`),
  )
}
