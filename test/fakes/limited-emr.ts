/** A host that holds less than we write: what it cannot do it refuses, as its CapabilityStatement says. */
import type { FhirResource } from 'fhir/r4'
import { type Emr, EmrError, type HostInteraction } from '../../src/flows/ports.ts'

export type HostCan = (interaction: HostInteraction, type: FhirResource['resourceType']) => boolean

export function withLimits(emr: Emr, can: HostCan): Emr {
  const unless = async (interaction: HostInteraction, type: FhirResource['resourceType']) => {
    if (!can(interaction, type))
      throw new EmrError(`${interaction} ${type}: the server answered 404`, { status: 404 })
  }
  return {
    ...emr,
    async read(type, id, wish) {
      return can('read', type) ? emr.read(type, id, wish) : undefined
    },
    async search(type, parameters, options) {
      await unless('search-type', type)
      return emr.search(type, parameters, options)
    },
    async create(resource, identifier) {
      await unless('create', resource.resourceType)
      return emr.create(resource, identifier)
    },
    async save(resource) {
      await unless('update', resource.resourceType)
      return emr.save(resource)
    },
  }
}
