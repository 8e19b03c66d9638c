/** `_sort`: by the first value of each named parameter; what has none comes last, whichever way. */
import { badRequest, OperationOutcomeError, type SortRule } from '@medplum/core'
import type { Version } from './record-store.ts'
import { findParameter, type Parameter } from './search-parameters.ts'
import type { SearchValues } from './search-values.ts'

type ReadValues = (record: Version, parameter: Parameter) => SearchValues | undefined
type SortKey = number | string | undefined

export function sortVersions(
  type: string,
  records: Version[],
  rules: readonly SortRule[],
  read: ReadValues,
): Version[] {
  const parameters = rules.map((rule) => parameterOf(type, rule.code))
  if (parameters.length === 0) return records
  const keyed = records.map((record) => ({
    record,
    keys: parameters.map((parameter) => firstValue(read(record, parameter))),
  }))
  keyed.sort((a, b) => {
    for (const [index, rule] of rules.entries()) {
      const difference = compareKeys(a.keys[index], b.keys[index], rule.descending ? -1 : 1)
      if (difference !== 0) return difference
    }
    return 0
  })
  return keyed.map(({ record }) => record)
}

function parameterOf(type: string, code: string): Parameter {
  const parameter = findParameter(type, code)
  if (!parameter) throw new OperationOutcomeError(badRequest(`${type} cannot be sorted by '${code}' here`))
  return parameter
}

function firstValue(values: SearchValues | undefined): SortKey {
  return (
    values?.dates[0]?.start ??
    values?.tokens[0]?.code ??
    values?.references[0] ??
    values?.strings[0]?.toLowerCase()
  )
}

function compareKeys(a: SortKey, b: SortKey, direction: 1 | -1): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return (a < b ? -1 : 1) * direction
}
