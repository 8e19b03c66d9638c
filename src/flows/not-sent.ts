/** A decision not to send, written where everyone sees it: a `not-done` Communication, the request's end, an AuditEvent. */
import { attemptId } from '../domain/attempt.ts'
import type { Channel } from '../domain/channel.ts'
import type { MessageRequest } from '../domain/message-request.ts'
import type { Reason } from '../domain/reason.ts'
import { after, minute } from '../domain/time.ts'
import { toAttempt } from '../fhir/attempt.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { naming } from '../fhir/codes.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'
import { ensureThread } from './thread.ts'

export async function recordNotSent(
  world: World,
  request: MessageRequest,
  decision: { reason: Reason; hops: { channel: Channel; reason: Reason }[] },
): Promise<void> {
  if (!request.reference) return
  const id = `${attemptId(idOf(request.reference), 0, request.round)}_not-sent`
  const closed = decision.hops.find((hop) => hop.reason === decision.reason)
  const { resource, created } = await world.store.create(
    toAttempt({
      attemptId: id,
      request: request.reference,
      patient: request.patient,
      recipient: request.recipient,
      thread: await ensureThread(world, request.patient),
      visit: request.visit,
      answers: request.answers,
      category: request.category,
      channel: closed?.channel ?? request.plan[0],
      template: request.content.kind === 'template' ? request.content.template : undefined,
      replyOptions: [],
      state: 'not-sent',
      reason: decision.reason,
      at: world.now(),
      calls: 0,
    }),
    { system: naming.attemptId, value: id },
  )
  await amendRequest(world.store, request.reference, (now) =>
    now.status === 'active' ? { status: 'revoked', reason: decision.reason } : undefined,
  )
  if (created) await audit(world, request, decision.reason, referenceTo(resource))
  if (created) await lookAgain(world, request, decision.reason)
  await world.live.publish({ patient: request.patient, reference: referenceTo(resource) })
}

/** The EMR may not have shown for a moment what is there; where it shows it again, the reminder is planned again. Once only. */
async function lookAgain({ jobs, now }: World, { visit, category }: MessageRequest, reason: Reason) {
  const isAway = reason === 'visit-missing' || reason === 'patient-missing'
  if (isAway && visit && category === 'reminder')
    await jobs.add({ kind: 'plan', visit }, { notBefore: after(now(), 2 * minute) })
}

async function audit(world: World, request: MessageRequest, reason: Reason, attempt: string): Promise<void> {
  world.tally.count('not_sent', reason)
  world.log.info('not sent', { reference: request.reference, reason })
  await world.store.create(
    toAuditEvent({
      what: 'block',
      patient: request.patient,
      entities: [request.reference ?? attempt, attempt],
      source: world.install,
      reason,
      now: world.now(),
    }),
  )
}
