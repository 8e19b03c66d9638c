/**
 * What this process last saw of a resource. Whoever wants to change it may begin there instead of reading it again: the
 * version in `If-Match` tells the truth, and who was mistaken reads afresh.
 */
import type { FhirResource } from 'fhir/r4'
import type { Clock } from '../flows/ports.ts'

/** Milliseconds. Older ones have mostly changed. */
const remembersFor = 60_000
const mostRemembered = 5_000
const worthIt: string[] = ['Communication', 'CommunicationRequest']

export interface Recollection {
  note(resource: FhirResource): void
  forget(type: string, id: string): void
  find(type: string, id: string): FhirResource | undefined
}

export function createRecollection(now: Clock): Recollection {
  const seen = new Map<string, { resource: FhirResource; at: number }>()
  return {
    note(resource) {
      const { resourceType, id, meta } = resource
      if (!worthIt.includes(resourceType) || !id || !meta?.versionId) return
      const key = `${resourceType}/${id}`
      seen.delete(key)
      seen.set(key, { resource, at: now() })
      const [oldest] = seen.size > mostRemembered ? seen.keys() : []
      if (oldest !== undefined) seen.delete(oldest)
    },
    forget: (type, id) => void seen.delete(`${type}/${id}`),
    find(type, id) {
      const found = seen.get(`${type}/${id}`)
      return found && now() - found.at < remembersFor ? found.resource : undefined
    },
  }
}
