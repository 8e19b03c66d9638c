/** What the store knows of a patient's other visits of one day, and what becomes of their reminders. See domain/same-day.ts. */
import type { CommunicationRequest } from 'fhir/r4'
import type { Attempt } from '../domain/attempt.ts'
import { hasFailed } from '../domain/delivery.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { laterOnes, mergesSameDay, remindersOfDay, type SameDay } from '../domain/same-day.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import { reasonAgainstReminding } from '../domain/visit.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { idOf } from '../fhir/reference.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'
import { readVisit } from './visit.ts'

/** `held` are the patient's active requests in the host; `attempts` all that name this request. */
export async function readSameDay(
  world: World,
  { request, visit, settings }: Pick<DispatchFacts, 'request' | 'visit' | 'settings'>,
  { held, attempts }: { held: CommunicationRequest[]; attempts: Attempt[] },
): Promise<SameDay | undefined> {
  if (request.category !== 'reminder' || !visit || visit === 'missing' || !mergesSameDay(settings))
    return undefined
  const requests = !world.isSidecar ? held : await readActive(world, request)
  const others = remindersOfDay(request, toRequests(requests), visit.zone ?? settings.zone)
  const carriers = attempts.map(async (attempt) => ({
    attempt,
    visit: attempt.visit ? await readVisit(world.host, attempt.visit, settings) : undefined,
  }))
  return { others, carriers: await Promise.all(carriers) }
}

function readActive({ store }: World, { patient }: MessageRequest): Promise<CommunicationRequest[]> {
  return store.search('CommunicationRequest', { subject: patient, status: 'active' })
}

function toRequests(resources: CommunicationRequest[]): MessageRequest[] {
  return resources.flatMap((resource) => {
    const one = fromCommunicationRequest(resource)
    return one.kind === 'request' ? [one.request] : []
  })
}

/** Later visits that this message may name: each is asked whether it still stands as it was planned. */
export async function readLaterVisits(
  world: World,
  {
    request,
    sameDay,
    settings,
    attempts,
  }: Pick<DispatchFacts, 'request' | 'sameDay' | 'settings' | 'attempts'>,
): Promise<MessageRequest[]> {
  const others = [...(sameDay?.others ?? []), ...(await readMerged(world, attempts))]
  const later = laterOnes(request, others)
  const judged = await Promise.all(later.map(async (one) => (await stands(world, one, settings)) && one))
  return judged.filter((one) => one !== false)
}

/** What an earlier hop of the same message has named, and settled, the next one names too. */
async function readMerged({ store }: World, attempts: Attempt[]): Promise<MessageRequest[]> {
  const named = new Set(attempts.flatMap(({ carries = [] }) => carries))
  const read = await Promise.all([...named].map((one) => store.read('CommunicationRequest', idOf(one))))
  return toRequests(read.filter((one) => one !== undefined)).filter(
    ({ status, reason }) => status === 'completed' && reason === 'merged',
  )
}

async function stands(
  { host }: World,
  { visit: reference = '', visitStart, patient }: MessageRequest,
  settings: ClinicSettings,
): Promise<boolean> {
  const visit = await readVisit(host, reference, settings)
  if (visit === 'missing' || visit.start !== visitStart) return false
  const own = visit.patients.find((one) => one.reference === patient)
  return own !== undefined && !own.declined && !reasonAgainstReminding(visit, settings.remindOn)
}

/** Fulfilled by another's message: nothing is left to do for it. */
export async function completeCarried({ store }: World, request: Reference): Promise<void> {
  await amendRequest(store, request, (now) =>
    now.status === 'active' ? { status: 'completed', reason: 'merged' } : undefined,
  )
}

/** Those of every attempt that came to nothing. */
export async function reopenCarriedBy(world: World, attempts: Attempt[]): Promise<void> {
  for (const attempt of attempts) if (hasFailed(attempt.state)) await reopenCarried(world, attempt)
}

/** The message that told of them has not arrived, or was never sent: they are judged anew. */
export async function reopenCarried(world: World, { carries = [] }: Attempt): Promise<void> {
  for (const request of carries) {
    await amendRequest(world.store, request, (now) =>
      now.status === 'completed' && now.reason === 'merged'
        ? { status: 'active', reason: undefined }
        : undefined,
    )
    await world.jobs.add({ kind: 'dispatch', request })
  }
}
