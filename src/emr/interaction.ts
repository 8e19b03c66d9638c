/** What is asked of a FHIR server in one breath: sent alone, or as one entry of a batch Bundle. https://hl7.org/fhir/R4/http.html */
import type { FhirResource } from 'fhir/r4'
import type { Stored } from '../flows/ports.ts'
import type { Answer, FhirCall } from './fhir-call.ts'
import { mustBePosted, type Pairs } from './search-query.ts'

export type ResourceType = FhirResource['resourceType']

/** `doing` begins an error's sentence (`Reading Patient/1`): references and parameter names, never values. */
export type Interaction = { doing: string } & (
  | { kind: 'read'; type: ResourceType; id: string; summary: boolean }
  /** The first page. Who wants no more than a few says so. */
  | { kind: 'search'; type: ResourceType; pairs: Pairs; limit?: number }
  /** `ifNoneExist` is a search of its type. */
  | { kind: 'create'; resource: FhirResource; ifNoneExist?: string }
  | { kind: 'update'; resource: Stored<FhirResource>; ifMatch: string }
)

/** Throws `EmrError` for everything but a 2xx. */
export type Ask = (interaction: Interaction) => Promise<Answer>

export const wholeAnswer = { prefer: 'return=representation' }

/**
 * Labels, tags and profiles are what stands in the resource: HAPI's family otherwise keeps what was taken off, as FHIR allows.
 * https://hl7.org/fhir/R4/resource.html#tags
 */
export const labelsAsSent = { 'x-meta-snapshot-mode': 'TAG, PROFILE, SECURITY_LABEL' }

/** Some servers answer a search with what the same one found a minute ago. */
export const asOfNow = { 'cache-control': 'no-cache' }

/** https://hl7.org/fhir/R4/datatypes.html#id — anything else cannot exist, and must not become part of a path. */
export function isId(text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/.test(text)
}

/** One HTTP request for each. */
export function askAlone(call: FhirCall): Ask {
  return (one) => {
    const { doing } = one
    switch (one.kind) {
      case 'read':
        return call(doing, (client, options) =>
          one.summary
            ? client.request(`${one.type}/${one.id}?_summary=true`, { options })
            : client.read({ resourceType: one.type, id: one.id, options }),
        )
      case 'search':
        return search(call, one)
      case 'create': {
        const { resourceType } = one.resource
        const headers = one.ifNoneExist
          ? { ...wholeAnswer, 'if-none-exist': one.ifNoneExist }
          : { ...wholeAnswer }
        return call(
          doing,
          (client, options) => client.create({ resourceType, body: asBody(one.resource), options }),
          headers,
        )
      }
      case 'update': {
        const { resourceType, id } = one.resource
        const body = asBody(one.resource)
        return call(doing, (client, options) => client.update({ resourceType, id, body, options }), {
          ...wholeAnswer,
          ...labelsAsSent,
          'if-match': one.ifMatch,
        })
      }
    }
  }
}

function search(
  call: FhirCall,
  { doing, type, pairs }: Extract<Interaction, { kind: 'search' }>,
): Promise<Answer> {
  const searchParams: Record<string, string[]> = {}
  for (const [name, value] of pairs) searchParams[name] = [...(searchParams[name] ?? []), value]
  const postSearch = mustBePosted(pairs)
  return call(
    doing,
    (client, options) =>
      client.resourceSearch({ resourceType: type, searchParams, options: { ...options, postSearch } }),
    asOfNow,
  )
}

/** fhir-kit-client wants an index signature that `@types/fhir` does not give. */
function asBody(resource: FhirResource) {
  return resource as unknown as { resourceType: string } & Record<string, unknown>
}
