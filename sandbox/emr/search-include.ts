/** `_include` and `_revinclude` of one step; `:iterate` is refused rather than half done. */
import { badRequest, type IncludeTarget, OperationOutcomeError, type SearchRequest } from '@medplum/core'
import type { EmrRepository } from './fhir-repository.ts'
import type { Version } from './record-store.ts'
import { findParameter, type Parameter } from './search-parameters.ts'
import { readSearchValues } from './search-values.ts'

export function findIncluded(
  repository: EmrRepository,
  search: SearchRequest,
  records: Version[],
): Version[] {
  const included = [
    ...(search.include ?? []).flatMap((target) => forward(repository, target, records)),
    ...(search.revInclude ?? []).flatMap((target) => backward(repository, target, records)),
  ]
  const seen = new Set(records.map(nameOf))
  return included.filter((record) => !seen.has(nameOf(record)) && seen.add(nameOf(record)))
}

function forward(repository: EmrRepository, target: IncludeTarget, records: Version[]): Version[] {
  const parameter = referenceParameter(target)
  const references = records
    .filter((record) => record.resourceType === target.resourceType)
    .flatMap((record) => readSearchValues(record, parameter).references)
  return [...new Set(references)].flatMap((reference) => {
    const [type = '', id = ''] = reference.split('/')
    if (target.targetType && target.targetType !== type) return []
    return repository.pick(type, [id])
  })
}

function backward(repository: EmrRepository, target: IncludeTarget, records: Version[]): Version[] {
  const parameter = referenceParameter(target)
  if (records.length === 0) return []
  const value = records.map(nameOf).join(',')
  const filters = [{ code: parameter.code, operator: 'eq' as const, value }]
  return repository.match({ resourceType: target.resourceType as SearchRequest['resourceType'], filters })
}

function referenceParameter(target: IncludeTarget): Parameter {
  const parameter = findParameter(target.resourceType, target.searchParam)
  if (parameter?.kind === 'reference' && !target.modifier) return parameter
  throw new OperationOutcomeError(
    badRequest(`Cannot include ${target.resourceType}:${target.searchParam} here`),
  )
}

function nameOf(record: Version): string {
  return `${record.resourceType}/${record.id}`
}
