/**
 * The host or the store over FHIR's REST API: the `Emr` port on fhir-kit-client. Every failure is an `EmrError` that
 * names what was being done to which reference, and never holds a resource, a search value or a token.
 */
import type { FhirResource } from 'fhir/r4'
import { ConflictError, type Emr, EmrError, type ResourceOf, type Stored } from '../flows/ports.ts'
import { type Answer, createFhirCall, type FhirCall, type FhirServer } from './fhir-call.ts'
import { createVersionRemoval } from './old-versions.ts'
import { openBinary } from './open-binary.ts'
import { searchAllPages } from './search-pages.ts'

type ResourceType = FhirResource['resourceType']
type Identifier = { system: string; value: string }

const wholeAnswer = { prefer: 'return=representation' }

export function createEmr(server: FhirServer): Emr {
  const call = createFhirCall(server)

  const emr: Emr = {
    async read(type, id, { summary = false } = {}) {
      if (!isId(id)) return undefined
      const doing = `Reading ${type}/${id}`
      const whole = () => call(doing, (client, options) => client.read({ resourceType: type, id, options }))
      const answer = await unlessGone(
        summary ? readSummary(call, doing, type, id).catch(orWhole(whole)) : whole(),
      )
      return answer && expectResource(doing, type, answer)
    },

    search: (type, parameters, { limit } = {}) =>
      searchAllPages({ baseUrl: server.baseUrl, call }, type, parameters, limit),

    async create(resource, unlessIdentifier) {
      try {
        const answer = await create(call, resource, unlessIdentifier)
        const created = answer.status === 201
        return { resource: await whole(emr, resource, answer, unlessIdentifier), created }
      } catch (error) {
        // 412 says that several carry the identifier already; trying again would only hear it again.
        const taken = unlessIdentifier && statusOf(error) === 412
        const oldest = taken && (await findOldest(emr, resource, unlessIdentifier))
        if (!oldest) throw error
        return { resource: oldest, created: false }
      }
    },

    async save(resource) {
      const doing = `Saving ${resource.resourceType}/${resource.id}`
      const version = resource.meta?.versionId
      if (!version) throw new EmrError(`${doing}: it names no version, so nobody could tell who was faster`)
      const answer = await orConflict(doing, update(call, doing, resource, { 'if-match': `W/"${version}"` }))
      return whole(emr, resource, answer)
    },

    removeVersions: createVersionRemoval(server),

    openBinary: (reference) => openBinary(server, reference),
  }
  return emr
}

/** https://hl7.org/fhir/R4/search.html#summary, which a read takes too. */
function readSummary(call: FhirCall, doing: string, type: string, id: string): Promise<Answer> {
  return call(doing, (client, options) => client.request(`${type}/${id}?_summary=true`, { options }))
}

/** Of servers that take no such wish. */
function orWhole(whole: () => Promise<Answer>): (error: unknown) => Promise<Answer> {
  return (error) => {
    if (statusOf(error) === 400) return whole()
    throw error
  }
}

function update(
  call: FhirCall,
  doing: string,
  resource: Stored<FhirResource>,
  ifMatch: Record<string, string>,
) {
  return call(
    doing,
    (client, options) =>
      client.update({
        resourceType: resource.resourceType,
        id: resource.id,
        body: asBody(resource),
        options,
      }),
    { ...wholeAnswer, ...ifMatch },
  )
}

/** A 409 is a race that a strict index decided: whoever lost it finds the winner's resource at the second try. */
async function create(call: FhirCall, resource: FhirResource, identifier?: Identifier): Promise<Answer> {
  const { resourceType } = resource
  const doing = `Creating ${resourceType}`
  const headers = identifier
    ? { ...wholeAnswer, 'if-none-exist': `identifier=${encodeURIComponent(toToken(identifier))}` }
    : wholeAnswer
  const post = () =>
    call(
      doing,
      (client, options) => client.create({ resourceType, body: asBody(resource), options }),
      headers,
    )
  return orConflict(
    doing,
    post().catch((error: unknown) => {
      if (identifier && statusOf(error) === 409) return post()
      throw error
    }),
  )
}

/** The resource as the server holds it, also from servers that answer a write with only a `Location`, or nothing. */
async function whole<R extends FhirResource>(
  emr: Emr,
  sent: R,
  answer: Answer,
  identifier?: Identifier,
): Promise<Stored<R>> {
  const type: ResourceType = sent.resourceType
  if (isStored(type, answer.body)) return answer.body as unknown as Stored<R>
  const id = idFromLocation(type, answer.headers) ?? sent.id
  const held = id
    ? await emr.read(type, id)
    : identifier && (await emr.search(type, { identifier: toToken(identifier) }, { limit: 1 }))[0]
  if (!held)
    throw new EmrError(`Writing ${type}: the server answered ${answer.status} and did not say where it is`)
  return held as unknown as Stored<R>
}

/** The same one for whoever asks, as long as nobody changes them: two workers must not each go on with another. */
async function findOldest<R extends FhirResource>(
  emr: Emr,
  { resourceType }: R,
  identifier: Identifier,
): Promise<Stored<R> | undefined> {
  const type: ResourceType = resourceType
  const found = await emr.search(type, { identifier: toToken(identifier) })
  const [oldest] = found.toSorted((a, b) => changedAt(a) - changedAt(b) || (a.id < b.id ? -1 : 1))
  return oldest as Stored<R> | undefined
}

function changedAt({ meta }: FhirResource): number {
  return Date.parse(meta?.lastUpdated ?? '') || 0
}

function idFromLocation(type: string, headers: Headers): string | undefined {
  const location = headers.get('location') ?? headers.get('content-location') ?? ''
  return new RegExp(`(?:^|/)${type}/([A-Za-z0-9\\-.]{1,64})(?:/_history/|$)`).exec(location)?.[1]
}

function expectResource<T extends ResourceType>(
  doing: string,
  type: T,
  { body }: Answer,
): Stored<ResourceOf<T>> {
  if (!isStored(type, body)) throw new EmrError(`${doing}: the server answered something that is no ${type}`)
  return body as unknown as Stored<ResourceOf<T>>
}

function isStored(type: string, body: Record<string, unknown>): boolean {
  return body.resourceType === type && typeof body.id === 'string'
}

/** https://hl7.org/fhir/R4/datatypes.html#id — anything else cannot exist, and must not become part of a path. */
function isId(text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/.test(text)
}

async function unlessGone(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 410) return undefined
    throw error
  }
}

async function orConflict(doing: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    const status = statusOf(error)
    if (status !== 412 && status !== 409) throw error
    throw new ConflictError(`${doing}: the server holds another version (${status})`, {
      status,
      cause: error,
    })
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof EmrError ? error.status : undefined
}

/** `system|value` for a token search; a comma, bar or dollar in either would be read as more than one. */
function toToken({ system, value }: Identifier): string {
  return [system, value].map((text) => text.replace(/[\\,$|]/g, '\\$&')).join('|')
}

/** fhir-kit-client wants an index signature that `@types/fhir` does not give. */
function asBody(resource: FhirResource) {
  return resource as unknown as { resourceType: string } & Record<string, unknown>
}
