/**
 * The repository that Medplum's FHIR router works on: every read and write of the EMR passes here with
 * somebody's access. Writes are one at a time; a transaction holds that turn until its end and takes back
 * everything on failure; listeners hear of a change after it is final. Not Medplum's MemoryRepository,
 * because that one scans, numbers no versions, forgets deletions and cannot roll back.
 */
import { randomUUID } from 'node:crypto'
import {
  applyPatch,
  badRequest,
  forbidden,
  gone,
  notFound,
  type Operation,
  OperationOutcomeError,
  preconditionFailed,
  type SearchRequest,
  type WithId,
} from '@medplum/core'
import { FhirRepository, type UpdateResourceOptions } from '@medplum/fhir-router'
import type { Bundle, OperationOutcome, Parameters, Reference, Resource } from '@medplum/fhirtypes'
import type { FhirResource } from 'fhir/r4'
import { type Access, createGate, type Gate } from './access.ts'
import type { RecordStore, Version, Written } from './record-store.ts'
import { toCriteria } from './search-match.ts'
import { sortVersions } from './search-sort.ts'
import type { Exclusive } from './turns.ts'

export interface Change {
  kind: 'created' | 'updated' | 'deleted'
  /** After a deletion: what was there. */
  record: Version
}

export interface Records {
  store: RecordStore
  exclusive: Exclusive
  /** Called after the change is final; the writer waits for it. */
  announce(change: Change): Promise<void>
  /** The id of a record that the server names; a UUID when not given. */
  newId?: () => string
}

type Step = Written & Change

export class EmrRepository extends FhirRepository {
  private readonly records: Records
  private readonly access: Access
  private readonly gate: Gate
  /** Inside a transaction: what it did so far. */
  private readonly journal: Step[] | undefined

  constructor(records: Records, access: Access, journal?: Step[]) {
    super()
    this.records = records
    this.access = access
    this.gate = createGate(access, records.store)
    this.journal = journal
  }

  setMode(): void {}

  generateId(): string {
    return this.records.newId?.() ?? randomUUID()
  }

  has(type: string, id: string): boolean {
    return typeof this.records.store.find(type, id) === 'object'
  }

  /** All that match and may be seen, sorted, uncut. */
  match(search: SearchRequest): Version[] {
    this.gate.require('search', search.resourceType)
    const { store } = this.records
    const type = search.resourceType
    const found = store.search(type, toCriteria(search)).filter((record) => this.gate.maySee(record))
    return sortVersions(type, found, search.sortRules ?? [], ({ id }, parameter) =>
      store.valuesOf(type, id, parameter),
    )
  }

  /** Those of the ids that are still there and may be seen. */
  pick(type: string, ids: readonly string[]): Version[] {
    if (!this.access.may('read', type)) return []
    return ids.flatMap((id) => {
      const record = this.records.store.find(type, id)
      return typeof record === 'object' && this.gate.maySee(record) ? [record] : []
    })
  }

  async search<T extends Resource>(search: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const found = this.match(search)
    const from = search.offset ?? 0
    const page = found.slice(from, search.count === undefined ? undefined : from + search.count)
    const entry = page.map((record) => ({
      resource: toMedplum<T>(record),
      search: { mode: 'match' as const },
    }))
    return { resourceType: 'Bundle', type: 'searchset', total: found.length, entry }
  }

  async readResource<T extends Resource>(type: string, id: string): Promise<WithId<T>> {
    this.gate.require('read', type)
    return toMedplum<T>(this.current(type, id))
  }

  async readReference<T extends Resource>(reference: Reference<T>): Promise<WithId<T>> {
    const [type, id, ...more] = reference.reference?.split('/') ?? []
    if (!type || !id || more.length > 0) throw new OperationOutcomeError(badRequest('Not a local reference'))
    return this.readResource<T>(type, id)
  }

  async readReferences<T extends Resource>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    return Promise.all(
      references.map((reference) =>
        this.readReference<T>(reference).catch((cause: unknown) => cause as Error),
      ),
    )
  }

  async readHistory<T extends Resource>(type: string, id: string): Promise<Bundle<WithId<T>>> {
    this.gate.require('read', type)
    this.current(type, id)
    const versions = this.records.store.versions(type, id).toReversed()
    const entry = versions.map((version) => ({ resource: toMedplum<T>(version) }))
    return { resourceType: 'Bundle', type: 'history', total: entry.length, entry }
  }

  async readVersion<T extends Resource>(type: string, id: string, versionId: string): Promise<WithId<T>> {
    this.gate.require('read', type)
    this.current(type, id)
    const version = this.records.store.versions(type, id).find(({ meta }) => meta.versionId === versionId)
    if (!version) throw new OperationOutcomeError(notFound)
    return toMedplum<T>(version)
  }

  /** The client's own id is not taken: only PUT does that. */
  async createResource<T extends Resource>(
    resource: T,
    options?: { assignedId?: boolean },
  ): Promise<WithId<T>> {
    const id = (options?.assignedId && resource.id) || this.generateId()
    return toMedplum<T>((await this.save('create', { ...fromMedplum(resource), id })).record)
  }

  async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    const id = resource.id
    if (!id || !/^[A-Za-z0-9.-]{1,64}$/.test(id))
      throw new OperationOutcomeError(badRequest('Invalid resource id'))
    return toMedplum<T>(
      (await this.save('update', { ...fromMedplum(resource), id }, options?.ifMatch)).record,
    )
  }

  async patchResource<T extends Resource>(
    type: T['resourceType'],
    id: string,
    patch: Operation[] | Parameters,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    if (!Array.isArray(patch))
      throw new OperationOutcomeError(badRequest('Only JSON Patch is understood here'))
    this.gate.require('update', type)
    const patched = structuredClone(this.current(type, id))
    const [fault] = applyPatch(patched, patch).filter((error) => error !== null)
    if (fault) throw new OperationOutcomeError(badRequest(`The patch does not apply: ${fault.name}`))
    return this.updateResource(toMedplum<T>(patched), options)
  }

  /**
   * As in createResource: an id in the body says nothing, so it cannot contradict the record that is found.
   */
  override async conditionalCreate<T extends Resource>(
    resource: T,
    search: SearchRequest<T>,
    options?: { assignedId?: boolean },
  ): Promise<{ resource: WithId<T>; outcome: OperationOutcome }> {
    return super.conditionalCreate(
      options?.assignedId ? resource : { ...resource, id: undefined },
      search,
      options,
    )
  }

  async deleteResource(type: string, id: string, options?: { ifMatch?: string }): Promise<void> {
    this.gate.require('delete', type)
    if (this.records.store.find(type, id) === 'deleted') return
    await this.write(() => {
      const record = this.current(type, id)
      refuseStale(record, options?.ifMatch)
      return { kind: 'deleted', record, ...this.records.store.remove(type, id) }
    })
  }

  /** All versions but the current one, as HAPI's `$expunge`. */
  async forgetVersions(type: string, id: string): Promise<void> {
    this.gate.require('update', type)
    this.current(type, id)
    await this.records.exclusive(async () => this.records.store.forgetVersions(type, id))
  }

  /** The record and all that it ever was, deleted or not, as Medplum's `$expunge`; nobody is notified. */
  async forget(type: string, id: string): Promise<void> {
    this.gate.require('delete', type)
    const { store } = this.records
    if (!store.find(type, id)) throw new OperationOutcomeError(notFound)
    await this.records.exclusive(async () => store.forget(type, id))
  }

  async searchByReference<T extends Resource>(): Promise<Record<string, WithId<T>[]>> {
    throw new OperationOutcomeError(badRequest('GraphQL is not offered here'))
  }

  async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    if (this.journal) return callback(this)
    const journal: Step[] = []
    const result = await this.records.exclusive(async () => {
      try {
        return await callback(new EmrRepository(this.records, this.access, journal) as this)
      } catch (cause) {
        for (const step of journal.toReversed()) step.undo()
        throw cause
      }
    })
    for (const step of journal) await this.records.announce(step)
    return result
  }

  private save(
    interaction: 'create' | 'update',
    resource: FhirResource & { id: string },
    ifMatch?: string,
  ): Promise<Step> {
    const { resourceType, id } = resource
    this.gate.require(interaction, resourceType)
    return this.write(() => {
      const before = this.records.store.find(resourceType, id)
      const previous = typeof before === 'object' ? before : undefined
      if (previous) this.gate.requireVisible(previous)
      refuseStale(previous, ifMatch)
      const written = this.records.store.put(resource)
      const record = written.current ?? previous
      if (!record || !this.gate.maySee(record)) {
        written.undo()
        throw new OperationOutcomeError(forbidden)
      }
      return { kind: previous ? 'updated' : 'created', record, ...written }
    })
  }

  private async write(step: () => Step): Promise<Step> {
    if (this.journal) {
      const done = step()
      this.journal.push(done)
      return done
    }
    const done = await this.records.exclusive(async () => step())
    await this.records.announce(done)
    return done
  }

  private current(type: string, id: string): Version {
    const record = this.records.store.find(type, id)
    if (record === 'deleted') throw new OperationOutcomeError(gone)
    if (!record) throw new OperationOutcomeError(notFound)
    this.gate.requireVisible(record)
    return record
  }
}

function refuseStale(current: Version | undefined, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && current?.meta.versionId !== ifMatch)
    throw new OperationOutcomeError(preconditionFailed)
}

/** The two libraries describe the same R4 resources in types that do not know each other. */
function toMedplum<T extends Resource>(record: FhirResource): WithId<T> {
  return record as unknown as WithId<T>
}

function fromMedplum(resource: Resource): FhirResource {
  return resource as unknown as FhirResource
}
