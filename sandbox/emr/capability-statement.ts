/** What this server can do, drawn from the rows by which it answers, so that the statement cannot lie. */
import type { CapabilityStatement, CapabilityStatementRestResource, Extension } from 'fhir/r4'
import type { Ability, Like } from './likes/like.ts'
import { findParameter, parametersOf } from './search-parameters.ts'

/** As HAPI has it: R4 itself has no way to remove older versions. */
export const expungeDefinition = {
  resourceType: 'OperationDefinition',
  id: 'expunge',
  name: 'expunge',
  ...{ status: 'active', kind: 'operation', code: 'expunge' },
  ...{ system: false, type: false, instance: true },
  parameter: [{ name: 'expungePreviousVersions', use: 'in', min: 0, max: '1', type: 'boolean' }],
} as const

interface CapabilityParts {
  fhirUrl: string
  like: Like
  /** The SMART endpoints, as the smart-configuration names them; undefined: there are none. */
  smart:
    | { authorization_endpoint?: string; token_endpoint?: string; registration_endpoint?: string }
    | undefined
  startedAt: Date
}

export function capabilityStatement({
  fhirUrl,
  like,
  smart,
  startedAt,
}: CapabilityParts): CapabilityStatement {
  const { types, bundles, expunge } = like
  const definition = `${fhirUrl}/OperationDefinition/${expungeDefinition.id}`
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: startedAt.toISOString(),
    kind: 'instance',
    software: like.software,
    implementation: { description: 'A clinic to try Qasid on', url: fhirUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        ...(smart && { security: security(smart) }),
        resource: Object.entries(types).map(([type, ability]) => describeType(type, ability, like)),
        ...(expunge !== 'none' && { operation: [{ name: 'expunge', definition }] }),
        ...(bundles.length > 0 && { interaction: bundles.map((code) => ({ code })) }),
      },
    ],
  }
}

function security(smart: NonNullable<CapabilityParts['smart']>) {
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service'
  return {
    cors: true,
    service: [{ coding: [{ system, code: 'SMART-on-FHIR' }] }],
    extension: [oauthUris(smart)],
  }
}

function oauthUris(smart: NonNullable<CapabilityParts['smart']>): Extension {
  const uris = [
    { url: 'authorize', valueUri: smart.authorization_endpoint },
    { url: 'token', valueUri: smart.token_endpoint },
    { url: 'register', valueUri: smart.registration_endpoint },
  ]
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: uris.filter(({ valueUri }) => valueUri !== undefined),
  }
}

function describeType(type: string, ability: Ability, like: Like): CapabilityStatementRestResource {
  const { searchParams, searchNeeds, recipients } = ability
  const parameters =
    searchParams === 'all'
      ? parametersOf(type)
      : searchParams.flatMap((code) => findParameter(type, code) ?? [])
  const references = parameters.filter(({ kind }) => kind === 'reference')
  const needs = searchNeeds?.map((row) => row.join(' and ')).join(', or ')
  const limits = [needs && `A search names ${needs}.`, recipients && `For ${recipients.join(' or ')} only.`]
  const documentation = limits.filter(Boolean).join(' ')
  return {
    type,
    interaction: ability.interactions.map((code) => ({ code })),
    versioning: ability.interactions.includes('vread') ? 'versioned-update' : 'versioned',
    readHistory: ability.interactions.includes('vread'),
    updateCreate: like.updateCreates !== 'never',
    conditionalCreate: like.conditional,
    conditionalUpdate: like.conditional,
    conditionalDelete: like.conditional ? 'single' : 'not-supported',
    ...(documentation && { documentation }),
    searchInclude: references.map(({ code }) => `${type}:${code}`),
    searchParam: parameters.map(({ code, kind }) => ({ name: code, type: kind })),
  }
}
