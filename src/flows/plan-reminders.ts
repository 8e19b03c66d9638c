/**
 * plan-reminders: a visit was booked, moved or cancelled.
 * in: the visit's reference · decides: `planReminders` · out: requests created, revived, revoked; what is due is dispatched
 */
import { laneOf } from '../domain/lane.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { planReminders } from '../domain/plan-reminders.ts'
import type { Reason } from '../domain/reason.ts'
import { naming } from '../fhir/codes.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../fhir/communication-request.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'
import { readVisit } from './visit.ts'

export async function planVisit(world: World, reference: Reference): Promise<void> {
  const settings = await world.clinic.settings()
  const visit = await readVisit(world.host, reference, settings)
  const requests = await readRequests(world, reference)
  const templates = await pinTemplates(
    world,
    settings.rules.map((rule) => rule.template),
  )

  if (visit === 'missing') return revokeAll(world, requests)
  const found = await readFound(world, requests)
  const plan = planReminders({ visit, requests, found, settings, templates, now: world.now() })

  for (const { request, reason } of plan.revoke) await revoke(world, request, reason)
  for (const request of plan.create) await create(world, request)
  for (const request of plan.adjust) await adjust(world, request)
  for (const request of plan.revive) await revive(world, request)
  if (plan.unplannable) {
    world.tally.count('unplannable', plan.unplannable)
    world.log.warn('a visit cannot be planned', { reference, reason: plan.unplannable })
  }
}

async function readRequests(world: World, visit: Reference): Promise<MessageRequest[]> {
  const found = await world.store.search('CommunicationRequest', { 'based-on': visit })
  return found.flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [read.request] : []
  })
}

/** Asked only of those whose record was not there when a reminder was to be sent. */
async function readFound({ host }: World, requests: MessageRequest[]): Promise<Reference[]> {
  const missed = requests.filter(({ status, reason }) => status === 'revoked' && reason === 'patient-missing')
  const patients = [...new Set(missed.map(({ patient }) => patient))]
  const there = await Promise.all(patients.map((one) => host.read('Patient', idOf(one))))
  return patients.filter((_, index) => there[index])
}

/** Template name → `url|version`. */
export async function pinTemplates(world: World, names: string[]): Promise<Record<string, string>> {
  const pinned: Record<string, string> = {}
  for (const name of new Set(names)) {
    const template = await world.clinic.templateByName(name)
    if (template) pinned[name] = `${template.url}|${template.version}`
    else world.log.error('a rule names a template that is not in the store', { code: name })
  }
  return pinned
}

/** The EMR says 404 or 410 to a direct read: the visit is gone for good. */
async function revokeAll(world: World, requests: MessageRequest[]): Promise<void> {
  const reminders = requests.filter(
    ({ category, forbidden, handedOverAt }) =>
      category === 'reminder' && !forbidden && handedOverAt === undefined,
  )
  for (const request of reminders) await revoke(world, request, 'visit-missing')
}

async function revoke(world: World, request: MessageRequest, reason: Reason): Promise<void> {
  if (!request.reference) return
  await amendRequest(world.store, request.reference, (now) =>
    now.status === 'active' || now.status === 'on-hold' || now.status === 'draft'
      ? { status: 'revoked', reason }
      : undefined,
  )
  await world.live.publish({ patient: request.patient, reference: request.reference })
}

async function create(world: World, request: MessageRequest): Promise<void> {
  const key = { system: naming.requestKey, value: request.key }
  const { resource, created } = await world.store.create(toCommunicationRequest(request), key)
  if (created) world.tally.count('planned', request.ruleId ?? 'none')
  await announce(world, request, referenceTo(resource))
}

async function revive(world: World, request: MessageRequest): Promise<void> {
  if (!request.reference) return
  const { dueAt, window, content, fallbackAfter } = request
  await amendRequest(world.store, request.reference, (now) =>
    now.status === 'revoked'
      ? { status: 'active', reason: undefined, dueAt, window, content, fallbackAfter }
      : undefined,
  )
  await announce(world, request, request.reference)
}

async function adjust(world: World, request: MessageRequest): Promise<void> {
  if (!request.reference) return
  const { dueAt, window, content, plan, fallbackAfter } = request
  await amendRequest(world.store, request.reference, (now) =>
    now.status === 'active' ? { dueAt, window, content, plan, fallbackAfter } : undefined,
  )
  await announce(world, request, request.reference)
}

/** What is due goes at once rather than at the next tick. */
async function announce(world: World, request: MessageRequest, reference: Reference): Promise<void> {
  await world.live.publish({ patient: request.patient, reference })
  const { patient, dueAt } = request
  if (dueAt <= world.now())
    await world.jobs.add({ kind: 'dispatch', request: reference, patient, lane: laneOf(request) })
}
