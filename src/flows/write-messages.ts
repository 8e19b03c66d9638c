/**
 * write-messages: an EMR's own script wants something said, to one patient or many.
 * in: the order, the charts, the templates · decides: `readRecipient`, `openHops` for everyone · out: one request each, or none at all
 *
 * All or nothing: everyone is judged before the first request is written. The first request is the claim of the call: who
 * dies between two writes completes the rest with the same call, and another order under the same key writes nothing.
 */
import type { CommunicationRequest } from 'fhir/r4'
import type { MessageRequest, MessageRequestStatus, Reference } from '../domain/message-request.ts'
import { type Instant, parseInstant } from '../domain/time.ts'
import { type ApiCall, askedBy, callIdentifier, placeIn, withCall } from '../fhir/api-call.ts'
import { naming } from '../fhir/codes.ts'
import { toCommunicationRequest } from '../fhir/communication-request.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import { findRecipients } from './find-recipients.ts'
import { judgeRecipient } from './judge-recipients.ts'
import { type MessageOrder, nameOf, type RefusedRecipient, type Wish } from './message-order.ts'
import { planMessages } from './plan-messages.ts'
import type { World } from './ports.ts'
import { sideBySide } from './side-by-side.ts'
import { readTemplateNames } from './template-names.ts'

export interface WrittenMessage {
  reference: Reference
  patient: Reference
  status: MessageRequestStatus
  dueAt: Instant
}

export type Written =
  /** `isNew` is false when the call was made before; `hurried` is false while Redis is away: the next tick takes them. */
  | { kind: 'written'; messages: WrittenMessage[]; isNew: boolean; hurried: boolean }
  /** Nothing was written. */
  | { kind: 'refused'; error: string; refused: RefusedRecipient[] }
  /** The key was used for another order. */
  | { kind: 'conflict'; error: string }

const atOnce = 8

export async function writeMessages(world: World, order: MessageOrder): Promise<Written> {
  const earlier = await readCall(world, order.call)
  if (earlier.kind === 'other') return conflict()
  if (earlier.kind === 'whole') return finish(world, earlier.resources, { isNew: false })
  const settings = await world.clinic.settings()
  const found = await findRecipients(world, order.entries, settings)
  const planned = await planMessages(world, order, found)
  const isBegun = earlier.kind === 'begun'
  // What an interrupted call has written stands, also when nothing can be added to it any more.
  if (planned.kind === 'refused' && isBegun) return finish(world, earlier.resources, { isNew: false })
  if (planned.kind === 'refused') return { kind: 'refused', error: planned.error, refused: [] }

  const judged = await judgeAll(world, planned.wishes, isBegun)
  if (judged.refused.length > 0) return refusedFor(judged.refused, order.entries.length)

  const written = await writeAll(world, order.call, judged.requests)
  if (!written) return conflict()
  const known = new Set(written.map(({ id }) => id))
  const before = isBegun ? earlier.resources.filter(({ id }) => !known.has(id)) : []
  return finish(world, [...written, ...before], { isNew: !isBegun })
}

type Earlier =
  | { kind: 'none' }
  /** The key belongs to another order. */
  | { kind: 'other' }
  /** Someone died between two writes. */
  | { kind: 'begun'; resources: CommunicationRequest[] }
  | { kind: 'whole'; resources: CommunicationRequest[] }

async function readCall({ store }: World, call: ApiCall): Promise<Earlier> {
  const { system, value } = callIdentifier(call)
  const found = await store.search('CommunicationRequest', { 'group-identifier': `${system}|${value}` })
  const resources = found
    // A server that does not know the parameter may answer with everybody's.
    .filter(({ groupIdentifier }) => groupIdentifier?.system === system && groupIdentifier.value === value)
    .toSorted((one, other) => placeIn(one) - placeIn(other))
  const asked = resources.flatMap((resource) => askedBy(resource) ?? [])[0]
  if (!asked) return { kind: 'none' }
  if (asked.body !== call.body) return { kind: 'other' }
  return { kind: resources.length < asked.of ? 'begun' : 'whole', resources }
}

interface JudgedAll {
  requests: MessageRequest[]
  refused: RefusedRecipient[]
}

/** A call that was begun is completed: who was fit then is dispatched, and judged again before anything leaves. */
async function judgeAll(world: World, wishes: Wish[], isBegun: boolean): Promise<JudgedAll> {
  const templates = () => readTemplateNames(world.store, { channel: 'whatsapp' })
  const judged = await sideBySide(wishes, atOnce, async (wish): Promise<JudgedAll> => {
    if (wish.kind === 'refused') return { requests: [], refused: isBegun ? [] : [wish.refusal] }
    const verdict = await judgeRecipient(world, wish.request, templates)
    if (verdict.kind === 'suited') return { requests: [verdict.request], refused: [] }
    if (isBegun) return { requests: [wish.request], refused: [] }
    const { reason, error } = verdict
    return { requests: [], refused: [{ to: nameOf(wish.found), reason, error }] }
  })
  return {
    requests: judged.flatMap(({ requests }) => requests),
    refused: judged.flatMap(({ refused }) => refused),
  }
}

function refusedFor(refused: RefusedRecipient[], of: number): Written {
  const [only] = refused
  const error =
    of === 1 && only ? only.error : `Nothing was written: ${refused.length} of ${of} recipients are refused.`
  return { kind: 'refused', error, refused }
}

function conflict(): Written {
  return { kind: 'conflict', error: 'This key was used before for another message: give a new one.' }
}

/** The first one alone, because it is the claim of the whole call: `undefined` when another order has it. */
async function writeAll(
  world: World,
  call: ApiCall,
  requests: MessageRequest[],
): Promise<CommunicationRequest[] | undefined> {
  const resources = requests.map((request, index) =>
    withCall(toCommunicationRequest(request), call, { place: index + 1, of: requests.length }),
  )
  const [first, ...others] = resources
  if (!first) return []
  const claim = await world.store.create(first, callIdentifier(call))
  if (askedBy(claim.resource)?.body !== call.body) return undefined
  const rest = await sideBySide(others, atOnce, (resource) => world.store.create(resource, keyOf(resource)))
  const made = [claim, ...rest].filter(({ created }) => created).length
  if (made > 0) world.tally.count('planned', 'api', made)
  world.log.info('messages were ordered', { count: made })
  return [claim, ...rest].map(({ resource }) => resource)
}

function keyOf({ identifier = [] }: CommunicationRequest): { system: string; value: string } {
  const value = identifier.find(({ system }) => system === naming.requestKey)?.value ?? ''
  return { system: naming.requestKey, value }
}

/** They are in the store: what Redis does not hear of, the next tick finds. */
async function finish(
  world: World,
  resources: CommunicationRequest[],
  { isNew }: { isNew: boolean },
): Promise<Written> {
  const messages = resources.map(toWritten)
  const due = messages.filter(({ status, dueAt }) => status === 'active' && dueAt <= world.now())
  return { kind: 'written', messages, isNew, hurried: await hurry(world, messages, due) }
}

function toWritten(resource: CommunicationRequest): WrittenMessage {
  return {
    reference: referenceTo(resource),
    patient: fromReference(resource.subject) ?? '',
    status: resource.status as MessageRequestStatus,
    dueAt: parseInstant(resource.occurrenceDateTime) ?? (0 as Instant),
  }
}

const mostHurried = 100

async function hurry(world: World, messages: WrittenMessage[], due: WrittenMessage[]): Promise<boolean> {
  try {
    // Of many at once nobody waits for each, and a campaign waits in the store.
    const lane = due.length > 1 ? 'bulk' : 'fast'
    await world.jobs.addAll(
      due.slice(0, mostHurried).map(({ reference, patient }) => ({
        job: { kind: 'dispatch', request: reference, patient, lane } as const,
      })),
    )
    for (const { patient, reference } of messages) await world.live.publish({ patient, reference })
    return true
  } catch (error) {
    world.log.warn('messages wait for the next tick', { count: due.length, code: (error as Error).name })
    return false
  }
}
