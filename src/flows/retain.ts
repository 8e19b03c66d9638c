/**
 * retain: what was said longer ago than the clinic keeps it is removed, the shell of the record stays.
 * in: messages and requests that are older · decides: `keptSince`, what of them is over · out: the same, emptied; an AuditEvent per batch
 *
 * Bounded, so that one run ends; what it leaves the next one finds. One that cannot be emptied holds up no other.
 */
import type { Communication, CommunicationRequest } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { keptSince } from '../domain/retention.ts'
import type { Instant } from '../domain/time.ts'
import { naming } from '../fhir/codes.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import { auditRemoval } from './audit-removal.ts'
import { findOld, type Old } from './find-old.ts'
import type { Stored, World } from './ports.ts'
import { emptyMessage, emptyRequest, finishMessage, finishRequest, type Removal } from './remove-content.ts'
import { sideBySide } from './side-by-side.ts'

export interface Retained {
  /** What was said before it is removed; absent where all is kept for ever. */
  since?: Instant
  removals: Removal[]
  failed: number
  /** More may be left: the run reached its bound. */
  isCutOff: boolean
}

const width = 4
const mostPerRun = 2_000

export async function retain(world: World, { most = mostPerRun } = {}): Promise<Retained> {
  const { retention } = await world.clinic.settings()
  const since = keptSince(retention, world.now())
  const run: Retained = { since, removals: [], failed: 0, isCutOff: false }
  await finishCopies(world, run)
  if (since === undefined) return run
  for await (const batch of findOld(world.store, since)) {
    await removeBatch(world, run, batch)
    if (run.removals.length + run.failed >= most) {
      run.isCutOff = true
      break
    }
  }
  world.log.info('what is kept no longer was removed', { count: run.removals.length })
  return run
}

/** The clock's: what cannot be emptied turns its health red, because somebody trusts that it is gone. */
export async function retainByClock(world: World): Promise<void> {
  const { failed } = await retain(world)
  if (failed > 0) throw new Error(`${failed} messages could not be emptied`)
}

async function removeBatch(world: World, run: Retained, batch: Old[]): Promise<void> {
  const removals = await together(world, run, batch, (one) =>
    one.kind === 'request' ? emptyRequest(world, one.resource) : emptyMessage(world, one.resource),
  )
  await auditRemoval(world, removals)
}

/** Of the runs before: a company that could not be reached, a worker that died. */
async function finishCopies(world: World, run: Retained): Promise<void> {
  const marked = { identifier: `${naming.copyLeft}|` }
  const [messages, requests] = await Promise.all([
    world.store.search('Communication', marked),
    world.store.search('CommunicationRequest', marked),
  ])
  const left = [...messages, ...requests].map((resource) => ({ resource }))
  await together(world, run, left, ({ resource }) =>
    resource.resourceType === 'Communication'
      ? finishMessage(world, resource)
      : finishRequest(world, resource),
  )
}

type Resource = Stored<Communication> | Stored<CommunicationRequest>

/** Requests come last, and only those whose attempts are all done: through them the next run finds the others again. */
async function together<One extends { resource: Resource }>(
  world: World,
  run: Retained,
  all: One[],
  remove: (one: One) => Promise<Removal>,
): Promise<Removal[]> {
  const done: Removal[] = []
  const held = new Set<Reference>()
  const messages = all.filter(({ resource }) => resource.resourceType === 'Communication')
  const requests = all.filter(({ resource }) => resource.resourceType === 'CommunicationRequest')
  const tryOne = async (one: One) => {
    try {
      done.push(await remove(one))
    } catch (error) {
      run.failed += 1
      const request = fromReference(one.resource.basedOn?.[0])
      if (request) held.add(request)
      const reference = referenceTo(one.resource)
      world.log.warn('a message could not be emptied', { reference, code: (error as Error).name })
    }
  }
  await sideBySide(messages, width, tryOne)
  await sideBySide(
    requests.filter(({ resource }) => !held.has(referenceTo(resource))),
    width,
    tryOne,
  )
  run.removals.push(...done)
  return done
}
