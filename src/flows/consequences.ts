/** Carries out what `decideAnswer` decided. Each may be carried out twice without harm: every write has its own identifier. */
import type { AnswerFacts, Consequence } from '../domain/answer.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { after, hour, toIso } from '../domain/time.ts'
import { answerIdentifier, toAppointmentResponse } from '../fhir/appointment-response.ts'
import { naming } from '../fhir/codes.ts'
import { toCommunicationRequest } from '../fhir/communication-request.ts'
import { concept } from '../fhir/concept.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amend } from './amend.ts'
import { answersHome } from './beside-host.ts'
import { changeConsent } from './change-consent.ts'
import { openTask } from './open-task.ts'
import { EmrError, type World } from './ports.ts'

export async function carryOutAll(
  world: World,
  facts: AnswerFacts,
  consequences: Consequence[],
): Promise<void> {
  for (const consequence of consequences) await carryOut(world, facts, consequence)
}

async function carryOut(world: World, facts: AnswerFacts, consequence: Consequence): Promise<void> {
  const message = facts.inbound.reference
  if (!message) return
  switch (consequence.kind) {
    case 'answer-visit':
      return answerVisit(world, facts, message, consequence)
    case 'cancel-visit':
      return carryOutAll(world, facts, await cancelVisit(world, consequence))
    case 'task':
      return openTask(world, { code: consequence.code, focus: message, patient: facts.inbound.patient })
    case 'deny':
    case 'permit-again':
      return changeConsent(world, facts, message, consequence)
    case 'reply':
      return reply(world, facts, message, consequence)
  }
}

async function answerVisit(
  world: World,
  facts: AnswerFacts,
  message: Reference,
  { visit, patient, status }: Extract<Consequence, { kind: 'answer-visit' }>,
): Promise<void> {
  const response = toAppointmentResponse({
    visit,
    patient,
    message,
    participantStatus: status,
    start: facts.visit?.start,
  })
  await (await answersHome(world)).create(response, answerIdentifier(message))
}

/** A host that refuses (403, 405 …) will refuse again: staff do it. One that is down is tried again. */
async function cancelVisit(
  world: World,
  { visit, taken, refused }: Extract<Consequence, { kind: 'cancel-visit' }>,
): Promise<Consequence[]> {
  const reason = concept('http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', 'pat-crs')
  try {
    await amend(world.host, 'Appointment', visit, (appointment) =>
      appointment.status === 'cancelled'
        ? undefined
        : { ...appointment, status: 'cancelled', cancelationReason: reason },
    )
    return taken
  } catch (error) {
    const isRefusal = error instanceof EmrError && [400, 403, 404, 405, 422].includes(error.status ?? 0)
    if (!isRefusal) throw error
    world.log.warn('the host does not take a cancellation from us', {
      reference: visit,
      code: String(error.status),
    })
    return refused
  }
}

/** Our automatic answers take the same way out as everything else: a request, judged and sent. */
async function reply(
  world: World,
  { inbound, visit, now }: AnswerFacts,
  message: Reference,
  { patient, template: name }: Extract<Consequence, { kind: 'reply' }>,
): Promise<void> {
  const template = await world.clinic.templateByName(name)
  if (!template)
    return world.log.error('an automatic answer has no template', { code: name, reference: message })
  const parameters: Record<string, string> =
    visit?.start && visit.zone ? { start: toIso(visit.start), zone: visit.zone } : {}
  const request: MessageRequest = {
    key: `${idOf(message)}_${name}`,
    status: 'active',
    category: template.category,
    priority: 'routine',
    patient,
    recipient: patient,
    answers: message,
    plan: [inbound.channel],
    dueAt: now,
    window: { from: now, until: after(now, hour) },
    content: { kind: 'template', template: `${template.url}|${template.version}`, parameters },
    replyOptions: [],
    forbidden: false,
  }
  const key = { system: naming.requestKey, value: request.key }
  const { resource } = await world.store.create(toCommunicationRequest(request), key)
  await world.jobs.add({ kind: 'dispatch', request: referenceTo(resource), patient })
}
