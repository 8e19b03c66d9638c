/**
 * What a FHIR server says that it can do, from `/metadata`. Servers leave most of a CapabilityStatement out, so a
 * missing part reads as "does not say", never as an error.
 */
import type { CapabilityStatement } from 'fhir/r4'
import { EmrError } from '../flows/ports.ts'
import { createFhirCall, type FhirServer } from './fhir-call.ts'

export interface ResourceCapability {
  /** `read`, `search-type`, `create` … */
  interactions: string[]
  conditionalCreate: boolean
  searchParams: string[]
}

export interface Capabilities {
  /** `4.0.1` */
  fhirVersion: string
  /** Name and version of the software, where it says so. */
  software?: string
  resources: Map<string, ResourceCapability>
  /** Canonical URLs of the SubscriptionTopics that it lists. */
  topics: string[]
  /** `active` where the server never makes a `requested` one active by itself. */
  subscriptionsStartAs: 'requested' | 'active'
  batch: boolean
  transaction: boolean
}

/** https://hl7.org/fhir/uv/subscriptions-backport/ */
const topicListed =
  'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical'

export async function readCapabilities(server: FhirServer): Promise<Capabilities> {
  const doing = 'Reading the CapabilityStatement'
  const { body } = await createFhirCall(server)(doing, (client, options) =>
    client.capabilityStatement(options),
  )
  if (body.resourceType !== 'CapabilityStatement') {
    throw new EmrError(`${doing}: the server answered something else`)
  }
  return toCapabilities(body as unknown as CapabilityStatement)
}

export function toCapabilities(statement: CapabilityStatement): Capabilities {
  const rest = statement.rest?.find(({ mode }) => mode === 'server') ?? statement.rest?.[0]
  const resources = new Map(
    (rest?.resource ?? []).map((resource): [string, ResourceCapability] => [
      resource.type,
      {
        interactions: (resource.interaction ?? []).map(({ code }) => code),
        conditionalCreate: resource.conditionalCreate === true,
        searchParams: (resource.searchParam ?? []).map(({ name }) => name),
      },
    ]),
  )
  const can = (code: string) => rest?.interaction?.some((one) => one.code === code) === true
  const { software } = statement
  return {
    fhirVersion: statement.fhirVersion,
    software: software && [software.name, software.version].filter(Boolean).join(' '),
    resources,
    topics: (rest?.resource ?? []).flatMap(({ extension = [] }) =>
      extension.flatMap(({ url, valueCanonical }) =>
        url === topicListed && valueCanonical ? [valueCanonical] : [],
      ),
    ),
    // Medplum serves one from the moment that it is written as active: https://www.medplum.com/docs/subscriptions
    subscriptionsStartAs: /medplum/i.test(software?.name ?? '') ? 'active' : 'requested',
    // HAPI names transactions only, and takes batches at the same address.
    batch: can('batch') || can('transaction'),
    transaction: can('transaction'),
  }
}
