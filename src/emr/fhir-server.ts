/**
 * The host or the store over FHIR's REST API: the `Emr` port on fhir-kit-client. Every failure is an `EmrError` that
 * names what was being done to which reference, and never holds a resource, a search value or a token.
 */
import type { FhirResource } from 'fhir/r4'
import {
  type Clock,
  ConflictError,
  type Emr,
  EmrError,
  type Identifier,
  type ResourceOf,
  type Stored,
} from '../flows/ports.ts'
import { besideHost } from './beside-host.ts'
import { createCarefully, findOldest } from './careful-create.ts'
import { type Answer, createFhirCall, type FhirServer } from './fhir-call.ts'
import { type Ask, askAlone, type Interaction, isId, type ResourceType } from './interaction.ts'
import { createMicroBatch } from './micro-batch.ts'
import { createVersionRemoval } from './old-versions.ts'
import { openBinary } from './open-binary.ts'
import { withPatience } from './patience.ts'
import { createRecollection, type Recollection } from './recollection.ts'
import { createRemoval } from './removal.ts'
import type { RightOfWay } from './right-of-way.ts'
import { readAllPages, searchAllPages } from './search-pages.ts'
import { toToken } from './search-query.ts'

export interface EmrWishes {
  now: Clock
  /** What is asked in the same moment goes as one batch of so many entries, so many batches at a time. */
  batch?: { most: number; atOnce: number }
  /** Shared by two ways to one server: the hurried one takes it, the other waits for it. */
  way?: { of: RightOfWay; role: 'takes' | 'gives' }
  /** Milliseconds that a server in trouble is waited for. */
  waitsFor?: number
  onTrouble?(): void
  /** Asked before the first conditional create; a server that ignores `If-None-Exist` is asked before and after. */
  takesConditions?(): Promise<boolean>
}

const noClock: Clock = () => 0 as ReturnType<Clock>

export function createEmr(server: FhirServer, wishes: EmrWishes = { now: noClock }): Emr {
  const { now, waitsFor = 0, onTrouble, takesConditions = async () => true } = wishes
  const call = createFhirCall(server)
  const written = (one: Interaction) => besideHost(one, server.hostBase)
  const askOne = askAlone(call)
  const alone: Ask = (one) => askOne(written(one))
  const paged = { baseUrl: server.baseUrl, call, ask: alone }
  const batched = wishes.batch
    ? createMicroBatch({
        ...{ call, alone, written, now, ...wishes.batch },
        ...(wishes.way?.role === 'gives' && { holdFor: wishes.way.of.holdFor }),
        readAll: ({ doing, type }, first) => readAllPages(paged, { doing, type, first }),
      })
    : alone
  const hurried = wishes.way?.role === 'takes' ? taking(batched, wishes.way.of) : batched
  const ask = withPatience(hurried, { waitsFor, now, onTrouble })
  const seen = createRecollection(now)
  const emr = createPort({ ...paged, ask }, seen, (reference) => openBinary(server, reference))
  return {
    ...emr,
    removeVersions: createVersionRemoval(server),
    remove: createRemoval(call, seen),
    async create(resource, unlessIdentifier) {
      if (!unlessIdentifier || (await takesConditions())) return emr.create(resource, unlessIdentifier)
      return createCarefully(emr, resource, unlessIdentifier)
    },
  }
}

function taking(ask: Ask, way: RightOfWay): Ask {
  return async (interaction) => {
    way.take()
    return ask(interaction).finally(way.take)
  }
}

type Port = Omit<Emr, 'removeVersions' | 'remove'>

function createPort(
  server: Parameters<typeof searchAllPages>[0],
  seen: Recollection,
  open: Emr['openBinary'],
): Port {
  const { ask } = server
  const noted = <R extends FhirResource>(resource: Stored<R>) => {
    seen.note(resource)
    return resource
  }

  const emr: Port = {
    async read(type, id, { summary = false } = {}) {
      if (!isId(id)) return undefined
      const wanted = { kind: 'read', doing: `Reading ${type}/${id}`, type, id } as const
      const whole = () => ask({ ...wanted, summary: false })
      const answer = await unlessGone(
        summary ? ask({ ...wanted, summary: true }).catch(orWhole(whole)) : whole(),
      )
      if (!answer) seen.forget(type, id)
      const resource = answer && expectResource(wanted.doing, type, answer)
      return resource && !summary ? noted(resource) : resource
    },

    recall: (type, id) => seen.find(type, id) as Stored<ResourceOf<typeof type>> | undefined,

    search: (type, parameters, { limit } = {}) => searchAllPages(server, type, parameters, limit),

    async create(resource, unlessIdentifier) {
      try {
        const answer = await create(ask, resource, unlessIdentifier)
        const created = answer.status === 201
        return { resource: noted(await whole(emr, resource, answer, unlessIdentifier)), created }
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
      const ifMatch = `W/"${version}"`
      // Whatever goes wrong, it may have changed.
      seen.forget(resource.resourceType, resource.id)
      const answer = await orConflict(doing, ask({ kind: 'update', doing, resource, ifMatch }))
      // HAPI makes what is not there under the id that it was given, whatever the condition says.
      if (answer.status === 201) throw new EmrError(`${doing}: it was gone, and the server made it anew`)
      return noted(await whole(emr, resource, answer))
    },

    openBinary: open,
  }
  return emr
}

/** Of servers that take no `_summary` (https://hl7.org/fhir/R4/search.html#summary). */
function orWhole(whole: () => Promise<Answer>): (error: unknown) => Promise<Answer> {
  return (error) => {
    if (statusOf(error) === 400) return whole()
    throw error
  }
}

/** A 409 is a race that a strict index decided: whoever lost it finds the winner's resource at the second try. */
async function create(ask: Ask, resource: FhirResource, identifier?: Identifier): Promise<Answer> {
  const doing = `Creating ${resource.resourceType}`
  const ifNoneExist = identifier && `identifier=${encodeURIComponent(toToken(identifier))}`
  const post = () => ask({ kind: 'create', doing, resource, ...(ifNoneExist && { ifNoneExist }) })
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
  emr: Pick<Emr, 'read' | 'search'>,
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
