/**
 * The records themselves, in memory: current versions, history, tombstones, and an index per type.
 * Synchronous and without rules: fhir-repository.ts decides who may write and tells the others. What it
 * returns is shared: do not change it.
 */
import type { FhirResource, Meta } from 'fhir/r4'
import { createSearchIndex, type SearchIndex } from './search-index.ts'
import { type Criterion, matchesCriteria } from './search-match.ts'
import { findParameter, indexedCodes, type Parameter } from './search-parameters.ts'
import { readSearchValues, type SearchValues } from './search-values.ts'

export type Version = FhirResource & { id: string; meta: Meta & { versionId: string; lastUpdated: string } }

export interface Written {
  current: Version | undefined
  previous: Version | undefined
  /** Puts back what was there before; only for the latest write of that record. */
  undo(): void
}

export interface RecordStore {
  /** The current version, or what became of it. */
  find(type: string, id: string): Version | 'deleted' | undefined
  /** Oldest first; empty when it was never there. */
  versions(type: string, id: string): readonly Version[]
  put(resource: FhirResource & { id: string }): Written
  remove(type: string, id: string): Written
  /** All versions but the current one. */
  forgetVersions(type: string, id: string): void
  /** As if it had never been there. */
  forget(type: string, id: string): void
  /** Everything that is there now, type by type. */
  all(): Version[]
  /** In the order in which the records were first created. `scan` ignores the index: slower, equal. */
  search(type: string, criteria: readonly Criterion[], options?: { scan?: boolean }): Version[]
  /** A remembered look at what a parameter finds in a current version. */
  valuesOf(type: string, id: string, parameter: Parameter): SearchValues | undefined
}

interface Row {
  order: number
  current: Version | undefined
  versions: Version[]
  /** How many there ever were. */
  written: number
  values: Map<string, SearchValues>
}

interface Table {
  rows: Map<string, Row>
  index: SearchIndex<Row>
  indexed: Parameter[]
}

export interface RecordStoreParts {
  now: () => Date
  /** How this host writes what it is given; as it is when not given. */
  rewrite?: <R extends FhirResource>(resource: R) => R
}

export function createRecordStore({ now, rewrite = (resource) => resource }: RecordStoreParts): RecordStore {
  const tables = new Map<string, Table>()
  let order = 0

  function tableOf(type: string): Table {
    const table = tables.get(type) ?? createTable(type)
    tables.set(type, table)
    return table
  }

  function write(type: string, id: string, build: (row: Row) => Version | undefined): Written {
    const table = tableOf(type)
    const row = table.rows.get(id) ?? createRow(order++)
    return writeRow(table, id, row, build(row))
  }

  return {
    find(type, id) {
      const row = tables.get(type)?.rows.get(id)
      return row && (row.current ?? 'deleted')
    },
    versions: (type, id) => tables.get(type)?.rows.get(id)?.versions ?? [],
    put: (resource) =>
      write(resource.resourceType, resource.id, (row) => nextVersion(rewrite(resource), row, now())),
    remove: (type, id) => write(type, id, () => undefined),
    forgetVersions(type, id) {
      const row = tables.get(type)?.rows.get(id)
      row?.versions.splice(0, row.versions.length - (row.current ? 1 : 0))
    },
    forget(type, id) {
      const table = tables.get(type)
      const row = table?.rows.get(id)
      if (table && row) replace(table, row, undefined)
      table?.rows.delete(id)
    },
    all: () =>
      [...tables.values()].flatMap(({ rows }) => [...rows.values()].flatMap((row) => row.current ?? [])),
    search: (type, criteria, options) => searchTable(tableOf(type), criteria, options?.scan ?? false),
    valuesOf(type, id, parameter) {
      const row = tables.get(type)?.rows.get(id)
      return row && valuesOf(row, parameter)
    },
  }
}

function createRow(order: number): Row {
  return { order, current: undefined, versions: [], written: 0, values: new Map() }
}

function writeRow(table: Table, id: string, row: Row, current: Version | undefined): Written {
  table.rows.set(id, row)
  const previous = row.current
  replace(table, row, current)
  if (current) row.versions.push(current)
  if (current) row.written += 1
  return {
    current,
    previous,
    undo() {
      replace(table, row, previous)
      if (current) row.versions.pop()
      if (current) row.written -= 1
      if (row.written === 0) table.rows.delete(id)
    },
  }
}

function createTable(type: string): Table {
  const indexed = indexedCodes.flatMap((code) => findParameter(type, code) ?? [])
  return { rows: new Map(), index: createSearchIndex<Row>(), indexed }
}

/** The version number counts on after a deletion, as R4 asks. */
function nextVersion(resource: FhirResource & { id: string }, row: Row, at: Date): Version {
  const { versionId: _version, lastUpdated: _updated, ...meta } = resource.meta ?? {}
  const versionId = String(row.written + 1)
  return structuredClone({ ...resource, meta: { ...meta, versionId, lastUpdated: at.toISOString() } })
}

function replace(table: Table, row: Row, current: Version | undefined): void {
  if (row.current)
    for (const parameter of table.indexed) table.index.remove(row, parameter, valuesOf(row, parameter))
  row.current = current
  row.values = new Map()
  if (row.current)
    for (const parameter of table.indexed) table.index.add(row, parameter, valuesOf(row, parameter))
}

function valuesOf(row: Row, parameter: Parameter): SearchValues {
  const known = row.values.get(parameter.code)
  if (known) return known
  const values = readSearchValues(row.current ?? {}, parameter)
  row.values.set(parameter.code, values)
  return values
}

function searchTable(table: Table, criteria: readonly Criterion[], scan: boolean): Version[] {
  const rows = scan ? undefined : (rowsById(table, criteria) ?? table.index.candidates(criteria))
  const ordered = rows ? [...rows].sort((a, b) => a.order - b.order) : [...table.rows.values()]
  return ordered.flatMap((row) => {
    const matches = row.current && matchesCriteria(criteria, (parameter) => valuesOf(row, parameter))
    return matches && row.current ? [row.current] : []
  })
}

function rowsById(table: Table, criteria: readonly Criterion[]): Row[] | undefined {
  const byId = criteria.find(({ parameter, operator }) => parameter.code === '_id' && operator === 'eq')
  if (!byId) return undefined
  const ids = new Set(byId.values.map((value) => value.slice(value.indexOf('|') + 1)))
  return [...ids].flatMap((id) => table.rows.get(id) ?? [])
}
