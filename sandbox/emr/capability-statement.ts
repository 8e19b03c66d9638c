/** What this server can do, drawn from what it has, so that the statement cannot lie. */
import type { CapabilityStatement, CapabilityStatementRestResource, Extension } from 'fhir/r4'
import { parametersOf, resourceTypes } from './search-parameters.ts'

const interactions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'create',
  'search-type',
] as const

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
  /** The SMART endpoints, as the smart-configuration names them. */
  smart: { authorization_endpoint?: string; token_endpoint?: string }
  startedAt: Date
}

export function capabilityStatement({ fhirUrl, smart, startedAt }: CapabilityParts): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: startedAt.toISOString(),
    kind: 'instance',
    software: { name: 'Qasid sandbox EMR' },
    implementation: { description: 'A clinic to try Qasid on', url: fhirUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: true,
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          extension: [oauthUris(smart)],
        },
        resource: resourceTypes.map(describeType),
        operation: [
          { name: 'expunge', definition: `${fhirUrl}/OperationDefinition/${expungeDefinition.id}` },
        ],
        interaction: [{ code: 'batch' }, { code: 'transaction' }],
      },
    ],
  }
}

function oauthUris(smart: CapabilityParts['smart']): Extension {
  const uris = [
    { url: 'authorize', valueUri: smart.authorization_endpoint },
    { url: 'token', valueUri: smart.token_endpoint },
  ]
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: uris.filter(({ valueUri }) => valueUri !== undefined),
  }
}

function describeType(type: string): CapabilityStatementRestResource {
  const parameters = parametersOf(type)
  const references = parameters.filter(({ kind }) => kind === 'reference')
  return {
    type,
    interaction: interactions.map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalUpdate: true,
    conditionalDelete: 'single',
    searchInclude: references.map(({ code }) => `${type}:${code}`),
    searchParam: parameters.map(({ code, kind }) => ({ name: code, type: kind })),
  }
}
