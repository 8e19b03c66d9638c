/**
 * write-from-chart: a clinician's message, for the store that only we may write to. On a host the host's own rules would
 * judge it; here it may say what the app says, about the session's patient, and nothing that is for the engine to say.
 * in: a CommunicationRequest · decides: whether it may be so · out: the request, once per key
 */
import type { CommunicationRequest } from 'fhir/r4'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { extension, naming } from '../fhir/codes.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../fhir/communication-request.ts'
import { ownerOf } from '../fhir/owner.ts'
import { fromReference, idOf } from '../fhir/reference.ts'
import type { Stored, World } from './ports.ts'

export type WrittenFromChart =
  | { kind: 'written'; resource: Stored<CommunicationRequest>; isNew: boolean }
  | { kind: 'refused'; error: string }

/** `requester` is who launched the app, where the EMR says it; whoever the resource names counts for nothing. */
export async function writeFromChart(
  world: Pick<World, 'host' | 'store'>,
  resource: CommunicationRequest,
  { patient, requester }: { patient: Reference; requester?: Reference },
): Promise<WrittenFromChart> {
  const read = fromCommunicationRequest(resource)
  if (read.kind === 'refused') return refused(`The message cannot be sent: ${read.because}.`)
  const { request } = read
  const error = faultOf(resource, request, patient) ?? (await foreignPart(world, request))
  if (error) return refused(error)
  const { key, status, category, priority, plan, dueAt, window, content, replyOptions } = request
  const { answers, visit } = request
  // Written anew from what we understood of it: nothing else gets in.
  const written = toCommunicationRequest({
    ...{ key, status, category, priority, plan, dueAt, window, content, replyOptions, answers, visit },
    ...{ patient, recipient: patient, requester, forbidden: false },
  })
  const identifier = { system: naming.requestKey, value: key }
  const { resource: stored, created } = await world.store.create(written, identifier)
  // Its key may be another patient's, and what stands under it theirs.
  if (ownerOf(stored) !== patient) return refused('The key of the message is taken.')
  return { kind: 'written', resource: stored, isNew: created }
}

function refused(error: string): WrittenFromChart {
  return { kind: 'refused', error }
}

/** What the app says beside the elements; all others are the engine's. */
const sayable: string[] = [extension.sendWindow, extension.instantiatesCanonical, extension.replyOptions]

/** A key of the engine's own would keep its reminder from being written. */
const keyOfScreen = /^manual_[A-Za-z0-9]{1,40}$/

function faultOf(
  resource: CommunicationRequest,
  request: MessageRequest,
  patient: Reference,
): string | undefined {
  const { identifier = [], extension: extensions = [] } = resource
  const hasKey = identifier.some(({ system }) => system === naming.requestKey)
  if (request.patient !== patient) return 'The message is for another patient than the one in context.'
  if (request.status !== 'active') return 'The message is not active.'
  if (request.forbidden) return 'The resource forbids a message instead of asking for one.'
  if (!hasKey || !keyOfScreen.test(request.key)) return 'The message has no key of a screen’s own.'
  if (request.plan.length === 0) return 'The message names no channel.'
  if (request.content.kind === 'text' && !request.content.text) return 'The message says nothing.'
  // The others are judged more leniently, because the engine alone writes them.
  if (request.category !== 'conversation') return 'Only a message of staff is written here.'
  if (extensions.some(({ url }) => !sayable.includes(url)))
    return 'The message says something that only the engine may say.'
  return undefined
}

/** What it points to must be this patient's too: the engine quotes the one, and speaks of the other. */
async function foreignPart(
  { host, store }: Pick<World, 'host' | 'store'>,
  { answers, visit, patient }: MessageRequest,
): Promise<string | undefined> {
  const answered = answers ? await store.read('Communication', idOf(answers)) : undefined
  if (answers && (!answered || ownerOf(answered) !== patient)) return 'There is no such message to answer.'
  const appointment = visit ? await host.read('Appointment', idOf(visit)) : undefined
  const takesPart = appointment?.participant.some(({ actor }) => fromReference(actor) === patient)
  return visit && !takesPart ? 'There is no such visit.' : undefined
}
