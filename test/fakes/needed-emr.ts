/** A server that can do what our CapabilityStatements ask of it, and no more. */
import type { Emr } from '../../src/flows/ports.ts'
import type { Needs } from '../validation/needs.ts'

export function createNeededEmr(emr: Emr, needs: Needs): Emr {
  const expect = (...asked: Parameters<Needs['refuse']>) => {
    const refusal = needs.refuse(...asked)
    if (refusal) throw new Error(refusal)
  }
  return {
    async read(type, id, wish) {
      expect(type, 'read')
      return emr.read(type, id, wish)
    },
    recall: (type, id) => emr.recall(type, id),
    async search(type, parameters, options) {
      expect(type, 'search-type', Object.keys(parameters))
      return emr.search(type, parameters, options)
    },
    async create(resource, unlessIdentifier) {
      expect(resource.resourceType, 'create')
      return emr.create(resource, unlessIdentifier)
    },
    async save(resource) {
      expect(resource.resourceType, 'update')
      return emr.save(resource)
    },
    async remove(reference) {
      expect(reference.slice(0, reference.indexOf('/')) as Parameters<Needs['refuse']>[0], 'delete')
      return emr.remove(reference)
    },
    removeVersions: (reference) => emr.removeVersions(reference),
    async openBinary(reference) {
      expect('Binary', 'read')
      return emr.openBinary(reference)
    },
  }
}
