/** The pages for whoever runs a server: what we need of it, and what of ours it may know besides. */
import type { CapabilityStatement, CapabilityStatementRestResource, Extension } from 'fhir/r4'
import type { Definitions } from './definitions.ts'
import { code, heading, page, table } from './markdown.ts'

export function writeServersPage(definitions: Definitions): string {
  return page(
    heading(1, 'What we need of a server'),
    '**shall**: we do not work without. **should**: we do, with less, and the report of an install says with what. **may**: used where it is there.',
    ...definitions.all('CapabilityStatement').map((one) => writeStatement(one, definitions)),
    '[All profiles](README.md)',
  )
}

function writeStatement(statement: CapabilityStatement, definitions: Definitions): string {
  const [rest] = statement.rest ?? []
  const resources = rest?.resource ?? []
  return page(
    heading(2, statement.title ?? '', statement.id),
    statement.description,
    `${code(statement.url ?? '')}. ${rest?.security?.description ?? ''}`,
    table(
      ['resource', 'for', 'interactions', 'as'],
      resources.map((one) => [
        one.searchParam ? `[${one.type}](#${anchorOf(one, statement)})` : one.type,
        one.documentation ?? '',
        interactionsOf(one),
        (one.supportedProfile ?? []).map(definitions.link).join(', '),
      ]),
    ),
    table(
      ['of all', '', 'for'],
      [
        ...(rest?.interaction ?? []).map((one) => [code(one.code), strength(one), one.documentation ?? '']),
        ...(rest?.searchParam ?? []).map((one) => [code(one.name), strength(one), one.documentation ?? '']),
      ],
    ),
    ...resources.filter(({ searchParam }) => searchParam).map((one) => writeSearches(one, statement)),
  ).trimEnd()
}

function interactionsOf({ interaction = [], conditionalCreate }: CapabilityStatementRestResource): string {
  const strengths = ['shall', 'should', 'may']
  const lines = strengths.flatMap((wanted) => {
    const codes = interaction.filter((one) => strength(one) === wanted).map(({ code: word }) => word)
    return codes.length > 0 ? [`${wanted}: ${codes.join(', ').replace('search-type', 'search')}`] : []
  })
  return [...lines, ...(conditionalCreate ? ['should: create once, by identifier'] : [])].join('\n')
}

function anchorOf({ type }: CapabilityStatementRestResource, { id }: CapabilityStatement): string {
  return `${id}-${type.toLowerCase()}`
}

function writeSearches(resource: CapabilityStatementRestResource, statement: CapabilityStatement): string {
  const rows = (resource.searchParam ?? []).map((one) => [
    code(one.name),
    one.type,
    strength(one),
    one.documentation ?? '',
  ])
  return page(
    heading(3, `${resource.type} is found by`, anchorOf(resource, statement)),
    table(['parameter', 'type', '', 'for'], rows),
  ).trimEnd()
}

function strength({ extension = [] }: { extension?: Extension[] }): string {
  const found = extension.find(({ url }) => url.endsWith('/capabilitystatement-expectation'))
  return (found?.valueCode ?? '').toLowerCase()
}

export function writeSearchParametersPage(definitions: Definitions): string {
  return page(
    heading(1, 'Search parameters'),
    'What R4 gives no parameter for. All are optional: we never ask for them. A store that has them answers people and reports.',
    table(
      ['parameter', 'type', 'finds', 'by'],
      definitions
        .all('SearchParameter')
        .map((one) => [
          code(`${one.base.join()}?${one.code}`),
          one.type,
          one.description,
          code(one.expression ?? ''),
        ]),
    ),
    '[All profiles](README.md)',
  )
}

export function writeNamingSystemsPage(definitions: Definitions): string {
  return page(
    heading(1, 'Identifier systems'),
    'Under which name an identifier of ours stands. Those of the companies hold the id that the company gave.',
    table(
      ['system', 'holds'],
      definitions
        .all('NamingSystem')
        .map((one) => [one.uniqueId.map(({ value }) => code(value)).join(', '), one.description ?? '']),
    ),
    '[All profiles](README.md)',
  )
}
