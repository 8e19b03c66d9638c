/**
 * A FHIR server in memory, for flow tests. It answers like `src/emr` in front of a strict server: both pass
 * `test/contract/emr.ts`.
 */
import type { FhirResource } from 'fhir/r4'
import { type Instant, instant, toIso } from '../../src/domain/time.ts'
import { fromBinary, streamOf } from '../../src/fhir/binary.ts'
import { ConflictError, type Emr, EmrError, type ResourceOf, type Stored } from '../../src/flows/ports.ts'
import { indexR4 } from '../validation/definitions.ts'
import { find, parseSearch } from './emr-search.ts'

type ResourceType = FhirResource['resourceType']

export interface MemoryEmr extends Emr {
  /** What it holds now, oldest first. */
  all<T extends ResourceType>(type: T): Stored<ResourceOf<T>>[]
  /** Given facts, as if the EMR's own staff wrote them: kept with its id, not validated, not counted as a write. */
  put<R extends FhirResource>(resource: R): Stored<R>
  /** Of the port; the work is done before it returns, as by the EMR's own staff. */
  remove(reference: string): Promise<boolean>
  /** Every version that it keeps, oldest first. */
  history(reference: string): FhirResource[]
  /** How many versions there are. */
  versions(reference: string): number
  /** The next call fails once; with `when`, the next call of that kind. */
  failNext(what: EmrError, when?: FailWhen): void
  /** Creates and saves that changed something. */
  readonly writes: number
}

export interface FailWhen {
  call?: 'read' | 'search' | 'create' | 'save' | 'remove'
  type?: ResourceType
  /** The work is done, and only its answer is lost. */
  afterwards?: boolean
}

export interface MemoryEmrOptions {
  /** Names what is wrong with a resource: whatever is written through the port must have nothing wrong. */
  validate?: (resource: FhirResource) => string[]
  now?: () => Instant
  /** Whether older versions can be removed. */
  forgets?: boolean
  /** Whether whole resources can. */
  deletes?: boolean
}

export function createMemoryEmr({
  validate = () => [],
  now = clock,
  forgets = true,
  deletes = true,
}: MemoryEmrOptions = {}): MemoryEmr {
  indexR4()
  const records = createRecords(now)
  const failures = createFailures()
  /** What its callers last saw, however old. */
  const seen = new Map<string, Stored<FhirResource>>()
  const noted = <R extends { resourceType: string; id: string } | undefined>(resource: R): R => {
    if (resource) seen.set(`${resource.resourceType}/${resource.id}`, structuredClone(resource) as never)
    return resource
  }
  let writes = 0

  function write<R extends FhirResource>(resource: Stored<R>): Stored<R> {
    const problems = validate(resource)
    if (problems.length) throw new Error(`Invalid ${resource.resourceType} written:\n${problems.join('\n')}`)
    writes += 1
    return records.keep(resource)
  }

  return {
    read: (type, id) =>
      failures.around('read', type, () =>
        noted(structuredClone(records.held(type).find((one) => one.id === id))),
      ),
    recall: (type, id) =>
      structuredClone(seen.get(`${type}/${id}`)) as Stored<ResourceOf<typeof type>> | undefined,
    search: (type, parameters, { limit } = {}) =>
      failures.around('search', type, () =>
        structuredClone(find(records.held(type), parseSearch(type, parameters)).slice(0, limit)),
      ),
    create: (resource, unlessIdentifier) =>
      failures.around('create', resource.resourceType, () => {
        const taken = unlessIdentifier && records.carrying(resource, unlessIdentifier)
        if (taken) return { resource: taken, created: false }
        const made = write({ ...resource, id: records.newId(resource) })
        noted(made)
        return { resource: made, created: true }
      }),
    save: (resource) =>
      failures.around('save', resource.resourceType, () => {
        records.expectVersion(resource)
        const saved = write(resource)
        noted(saved)
        return saved
      }),
    removeVersions: (reference) =>
      failures.around('save', typeIn(reference), () => records.removeVersions(reference, forgets)),
    openBinary: (reference) =>
      failures.around('read', 'Binary', () => {
        const held = records.held('Binary').find((one) => referenceTo(one) === reference)
        const binary = fromBinary(held)
        if (!binary) return undefined
        const { contentType, bytes } = binary
        return { contentType, size: bytes.length, stream: streamOf(bytes) }
      }),
    all: (type) => structuredClone(records.held(type)),
    put: (resource) => records.keep({ ...resource, id: resource.id ?? records.newId(resource) }),
    remove: (reference) =>
      failures.around('remove', typeIn(reference), () => {
        if (!/^[A-Z]\w+\/[^/.]/.test(reference)) throw new EmrError('Removing what no reference names')
        seen.delete(reference)
        if (deletes) records.remove(reference)
        return deletes
      }),
    versions: records.versions,
    history: (reference) => structuredClone(records.history(reference)),
    failNext: failures.add,
    get writes() {
      return writes
    },
  }
}

function typeIn(reference: string): ResourceType {
  return reference.slice(0, reference.indexOf('/')) as ResourceType
}

function clock(): Instant {
  return instant(Date.now())
}

function createRecords(now: () => Instant) {
  const history = new Map<string, Stored<FhirResource>[]>()
  let made = 0

  function held<T extends ResourceType>(type: T): Stored<ResourceOf<T>>[] {
    const latest = [...history.values()].flatMap((versions) => versions.at(-1) ?? [])
    return latest.filter((one): one is Stored<ResourceOf<T>> => one.resourceType === type)
  }

  return {
    held,
    keep<R extends FhirResource>(resource: Stored<R>): Stored<R> {
      const versions = history.get(referenceTo(resource)) ?? []
      const kept = structuredClone(resource)
      kept.meta = {
        ...kept.meta,
        versionId: String(Number(versions.at(-1)?.meta?.versionId ?? 0) + 1),
        lastUpdated: toIso(now()),
      }
      history.set(referenceTo(resource), [...versions, kept])
      return structuredClone(kept)
    },
    /** Readable in a failed test: `communication-3`. */
    newId({ resourceType }: FhirResource): string {
      do made += 1
      while (history.has(`${resourceType}/${resourceType.toLowerCase()}-${made}`))
      return `${resourceType.toLowerCase()}-${made}`
    },
    carrying<R extends FhirResource>(resource: R, identifier: Identifier): Stored<R> | undefined {
      const found = held<ResourceType>(resource.resourceType).filter((one) => carries(one, identifier))
      const [oldest] = found.toSorted((a, b) => compare(ageOf(a), ageOf(b)))
      return structuredClone(oldest) as Stored<R> | undefined
    },
    expectVersion(resource: Stored<FhirResource>): void {
      const doing = `Saving ${referenceTo(resource)}`
      const current = history.get(referenceTo(resource))?.at(-1)
      if (!resource.meta?.versionId) throw new EmrError(`${doing}: it names no version`)
      if (!current) throw new EmrError(`${doing}: there is none`, { status: 404 })
      if (current.meta?.versionId !== resource.meta.versionId) throw conflict(resource, 'someone was faster')
    },
    remove: (reference: string) => void history.delete(reference),
    removeVersions(reference: string, forgets: boolean): boolean {
      const newest = history.get(reference)?.at(-1)
      if (forgets && newest) history.set(reference, [newest])
      return forgets
    },
    history: (reference: string) => history.get(reference) ?? [],
    versions: (reference: string) => history.get(reference)?.length ?? 0,
  }
}

function createFailures() {
  const waiting: (FailWhen & { what: EmrError })[] = []
  return {
    add: (what: EmrError, when: FailWhen = {}) => void waiting.push({ what, ...when }),
    async around<Answer>(call: FailWhen['call'], type: ResourceType, work: () => Answer): Promise<Answer> {
      const at = waiting.findIndex((one) => (one.call ?? call) === call && (one.type ?? type) === type)
      const [failure] = at < 0 ? [] : waiting.splice(at, 1)
      if (failure && !failure.afterwards) throw failure.what
      const answer = work()
      if (failure) throw failure.what
      return answer
    },
  }
}

type Identifier = { system: string; value: string }

function referenceTo(resource: Stored<FhirResource>): string {
  return `${resource.resourceType}/${resource.id}`
}

function conflict(resource: FhirResource, because: string): ConflictError {
  return new ConflictError(`Writing ${resource.resourceType}: ${because}`, { status: 412 })
}

/** The longest unchanged, then the first by id. */
function ageOf({ meta, id }: Stored<FhirResource>): string {
  return `${meta?.lastUpdated} ${id}`
}

function compare(one: string, other: string): number {
  return Number(one > other) - Number(one < other)
}

function carries(resource: FhirResource, identifier: Identifier): boolean {
  const carried = 'identifier' in resource ? [resource.identifier ?? []].flat() : []
  return carried.some((one) => one.system === identifier.system && one.value === identifier.value)
}
