/**
 * What the host that this EMR is like says to a request beyond what it can: 404 to a type that it does not have, 405 to an
 * interaction, 400 to a search that it does not answer, 422 to a message for somebody it does not deliver to.
 */
import { badRequest, getStatus, notFound, OperationOutcomeError } from '@medplum/core'
import type { FhirRequest } from '@medplum/fhir-router'
import type { Communication, OperationOutcome } from '@medplum/fhirtypes'
import { unknownType } from './access.ts'
import type { Ability, Interaction, Like } from './likes/like.ts'

type Query = FhirRequest['query']

/** Steer a search, without choosing what it finds. */
const controls = ['_count', '_offset', '_total', '_summary', '_elements', '_format', '_pretty']
const includes = ['_include', '_revinclude']

/** `interaction` as the FHIR router names it; throws what the caller is to be told. */
export function refuseBeyond(like: Like, interaction: string | undefined, request: FhirRequest): void {
  if (interaction === 'batch') refuseBundle(like, request.body as { type?: unknown })
  else if (interaction === 'operation') refuseOperation(like)
  else refuseInteraction(like, interaction, request)
}

function refuseInteraction(like: Like, interaction: string | undefined, request: FhirRequest): void {
  const { resourceType: type = '', id } = request.params
  const ability = like.types[type]
  if (!ability) throw new OperationOutcomeError(unknownType)
  if (!ability.interactions.includes(interaction as Interaction)) throw notOffered(`${type} ${interaction}`)
  const needsId = ['update', 'patch', 'delete'].includes(interaction ?? '')
  if (needsId && !id && !like.conditional) throw notOffered(`${interaction} by search`)
  if (interaction === 'search-type') refuseSearch(ability, type, queryOf(request))
  if (interaction === 'create' || interaction === 'update') refuseRecipients(ability, request.body)
}

/** A host without conditions does not know the header, and so does not heed it. */
export function asHeard(like: Like, request: FhirRequest): FhirRequest {
  if (like.conditional || !request.headers?.['if-none-exist']) return request
  return { ...request, headers: { ...request.headers, 'if-none-exist': undefined } }
}

function refuseOperation({ expunge }: Like): void {
  if (expunge === 'none') throw new OperationOutcomeError(notFound)
}

function refuseBundle({ bundles }: Like, body: { type?: unknown } | undefined): void {
  if (bundles.length === 0) throw notOffered('A Bundle at the base')
  const type = body?.type
  if (type === 'batch' || type === 'transaction') {
    if (!bundles.includes(type)) throw notOffered(`A ${type}`)
  }
}

function refuseSearch({ searchParams, searchNeeds }: Ability, type: string, query: Query): void {
  if (searchParams === 'all' || '_cursor' in query) return
  const known = (code: string | undefined) => searchParams.includes(code ?? '')
  for (const [key, value] of Object.entries(query)) {
    const [code = ''] = key.split(/[:.]/, 1)
    const values = [value ?? ''].flat().flatMap((one) => one.split(','))
    if (controls.includes(code)) continue
    if (code === '_sort') for (const one of values) requireKnown(known(one.replace(/^-/, '')), type, one)
    else if (includes.includes(code))
      for (const one of values) requireKnown(known(one.split(':')[1]), type, one)
    else requireKnown(known(code), type, code)
  }
  if (!searchNeeds || searchNeeds.some((row) => row.every((code) => isNamed(query, code)))) return
  const rows = searchNeeds.map((row) => row.join(' and ')).join(', or ')
  throw new OperationOutcomeError(badRequest(`A search of ${type} must name ${rows}`))
}

function requireKnown(isKnown: boolean, type: string, code: string): void {
  if (!isKnown) throw new OperationOutcomeError(badRequest(`${type} cannot be searched by '${code}' here`))
}

function isNamed(query: Query, code: string): boolean {
  return Object.keys(query).some((key) => key.split(/[:.]/, 1)[0] === code)
}

function queryOf({ method, query, body }: FhirRequest): Query {
  return method === 'POST' ? { ...query, ...(body as Query | undefined) } : query
}

function refuseRecipients({ recipients }: Ability, body: unknown): void {
  if (!recipients) return
  const { recipient = [] } = body as Communication
  const isOdd = (reference = '') => !recipients.some((type) => reference.startsWith(`${type}/`))
  if (recipient.length > 0 && !recipient.some((one) => isOdd(one.reference))) return
  throw new OperationOutcomeError(
    refusal('unprocessable', `A recipient must be a ${recipients.join(' or a ')}`),
  )
}

function notOffered(what: string): OperationOutcomeError {
  return new OperationOutcomeError(refusal('method-not-allowed', `${what} is not offered here`))
}

/** The library knows outcomes by their ids, but not these. */
const statuses = { 'method-not-allowed': 405, unprocessable: 422 } as const

function refusal(id: keyof typeof statuses, text: string): OperationOutcome {
  const code = id === 'unprocessable' ? 'processing' : 'not-supported'
  return { resourceType: 'OperationOutcome', id, issue: [{ severity: 'error', code, details: { text } }] }
}

export function statusOf(outcome: OperationOutcome): number {
  return statuses[outcome.id as keyof typeof statuses] ?? getStatus(outcome)
}
