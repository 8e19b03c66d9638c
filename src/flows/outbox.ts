/**
 * The outbox for an EMR that is told what was said: each message in the store bears where it stands, in the very write that
 * says so, so that no death can come between the two.
 */
import type { FhirResource } from 'fhir/r4'
import { markAfter } from '../domain/write-back.ts'
import { copyFactOf, copyMarkOf, withCopyMark } from '../fhir/chart-copy.ts'
import type { Emr } from './ports.ts'

/** The same store; messages are marked on their way into it. */
export function withOutbox(store: Emr): Emr {
  return {
    ...store,
    create: (resource, unlessIdentifier) => store.create(marked(resource), unlessIdentifier),
    save: (resource) => store.save(marked(resource)),
  }
}

function marked<R extends FhirResource>(resource: R): R {
  if (resource.resourceType !== 'Communication') return resource
  const mark = copyMarkOf(resource)
  const next = markAfter(mark, copyFactOf(resource))
  return next === mark ? resource : (withCopyMark(resource, next) as R)
}
