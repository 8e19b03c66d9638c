/**
 * Finds the few records that can match, so that a search does not look at all. An index may give too many,
 * never too few: search-match.ts has the last word.
 */
import { createDayIndex } from './day-index.ts'
import type { Criterion } from './search-match.ts'
import { indexedCodes, indexedDates, type Parameter } from './search-parameters.ts'
import type { SearchValues } from './search-values.ts'

export interface SearchIndex<Row> {
  add(row: Row, parameter: Parameter, values: SearchValues): void
  remove(row: Row, parameter: Parameter, values: SearchValues): void
  /** undefined: no criterion is indexed, all rows must be looked at. */
  candidates(criteria: readonly Criterion[]): Set<Row> | undefined
}

export function createSearchIndex<Row>(): SearchIndex<Row> {
  const rowsByKey = new Map<string, Set<Row>>()
  const days = new Map(indexedDates.map((code) => [code, createDayIndex<Row>()]))
  const keysOf = (parameter: Parameter, values: SearchValues) =>
    entryKeys(parameter, values).map((key) => `${parameter.code}\n${key}`)

  const choose = (criterion: Criterion): (Set<Row> | undefined)[] | undefined => {
    const { parameter } = criterion
    if (parameter.kind === 'date') return days.get(parameter.code)?.within(criterion)
    return lookupKeys(criterion)?.map((key) => rowsByKey.get(`${parameter.code}\n${key}`))
  }

  return {
    add(row, parameter, values) {
      if (parameter.kind === 'date') return days.get(parameter.code)?.add(row, values.dates)
      for (const key of keysOf(parameter, values)) {
        const rows = rowsByKey.get(key)
        if (rows) rows.add(row)
        else rowsByKey.set(key, new Set([row]))
      }
    },
    remove(row, parameter, values) {
      if (parameter.kind === 'date') return days.get(parameter.code)?.remove(row, values.dates)
      for (const key of keysOf(parameter, values)) {
        const rows = rowsByKey.get(key)
        rows?.delete(row)
        if (rows?.size === 0) rowsByKey.delete(key)
      }
    },
    candidates(criteria) {
      const choices = criteria.flatMap((criterion) => {
        const sets = choose(criterion)
        return sets ? [sets] : []
      })
      const sizes = choices.map((sets) => sets.reduce((sum, rows) => sum + (rows?.size ?? 0), 0))
      const best = choices[sizes.indexOf(Math.min(...sizes))]
      return best && new Set(best.flatMap((rows) => (rows ? [...rows] : [])))
    },
  }
}

function entryKeys(parameter: Parameter, values: SearchValues): string[] {
  switch (parameter.kind) {
    case 'token':
      return values.tokens.flatMap((token) => (token.code === undefined ? [] : [token.code.toLowerCase()]))
    case 'reference':
      return values.references
        .map(withoutVersion)
        .flatMap((text) => [text, text.slice(text.lastIndexOf('/') + 1)])
    default:
      return [...values.strings]
  }
}

function lookupKeys({ parameter, operator, values }: Criterion): string[] | undefined {
  if (operator !== 'eq' || !indexedCodes.includes(parameter.code)) return undefined
  if (parameter.kind === 'reference') return values.map(withoutVersion)
  if (parameter.kind !== 'token') return [...values]
  const codes = values.map((value) => value.slice(value.indexOf('|') + 1).toLowerCase())
  return codes.includes('') ? undefined : codes
}

function withoutVersion(canonical: string): string {
  return canonical.split('|', 1)[0] ?? canonical
}
