/**
 * publish-definitions: our profiles, extensions and codes stand beside our records, for whoever reads those by other means.
 * in: what the server holds under each canonical address · decides: only what is not there, only types that it takes · out: the definitions, and what was made
 */
import type { CodeSystem, NamingSystem, SearchParameter, StructureDefinition, ValueSet } from 'fhir/r4'
import { type ReportRow, row } from '../domain/capability-report.ts'
import { mayWorker } from '../domain/client-scopes.ts'
import type { Reference } from '../domain/message-request.ts'
import { offers, type ServerStatement } from '../domain/server-facts.ts'
import { referenceTo } from '../fhir/reference.ts'
import { type Emr, EmrError } from './ports.ts'

export type Definition = StructureDefinition | CodeSystem | ValueSet | NamingSystem | SearchParameter

export interface PublishWish {
  definitions: Definition[]
  statement: ServerStatement
  /** Scopes of our token; absent where the server does not say, or asks for none. */
  granted?: string[]
}

export interface Published {
  made: Reference[]
  /** They were there before, ours or somebody else's: never written over. */
  present: number
  /** Of types that the server does not keep, or that we may not write there. */
  untaken: number
  /** What the server said to the first that it did not take, `403`, or `no-answer`. */
  refusal?: string
}

/** Never fails: nothing of ours depends on them. */
export async function publishDefinitions(
  store: Pick<Emr, 'search' | 'create'>,
  { definitions, statement, granted }: PublishWish,
): Promise<Published> {
  const taken = definitions.filter(
    ({ resourceType: type }) =>
      offers(statement, type, ['create', 'search', 'delete']) &&
      mayWorker(granted, 'c', type) &&
      mayWorker(granted, 'd', type),
  )

  const ends = await Promise.all(taken.map((one) => publish(store, one)))

  const refusal = ends.find((one) => 'refusal' in one)?.refusal
  return {
    made: ends.flatMap((one) => ('made' in one ? [one.made] : [])),
    present: ends.filter((one) => 'present' in one).length,
    untaken: definitions.length - taken.length,
    ...(refusal && { refusal }),
  }
}

type End =
  | { made: Reference; refusal?: undefined }
  | { present: true; refusal?: undefined }
  | { refusal: string }

async function publish(store: Pick<Emr, 'search' | 'create'>, definition: Definition): Promise<End> {
  try {
    if (await isThere(store, definition)) return { present: true }
    const { id: _id, ...content } = definition
    return { made: referenceTo((await store.create(content as Definition)).resource) }
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    return { refusal: String(error.status ?? 'no-answer') }
  }
}

/** A server that does not know the parameter may answer with all that it has. A NamingSystem has no address but its value. */
async function isThere(store: Pick<Emr, 'search'>, definition: Definition): Promise<boolean> {
  const parameter = definition.resourceType === 'NamingSystem' ? 'value' : 'url'
  const address = addressOf(definition)
  const found: Definition[] = await store.search(definition.resourceType, { [parameter]: address })
  return found.some((one) => addressOf(one) === address)
}

function addressOf(definition: Definition): string {
  if (definition.resourceType !== 'NamingSystem') return definition.url ?? ''
  return definition.uniqueId?.[0]?.value ?? ''
}

/** The line of the report. `stand`: how many stand there in the end. */
export function rowOfDefinitions({ made, present, refusal }: Published): ReportRow {
  const stand = made.length + present
  if (stand > 0) return row('profiles', 'native', String(stand))
  return row(
    'profiles',
    'missing',
    refusal ? `it refused them (${refusal})` : 'it keeps none, or not from us',
  )
}
