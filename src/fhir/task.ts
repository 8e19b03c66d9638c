/** Task: work for a human. */
import type { Task } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Instant, toIso } from '../domain/time.ts'
import { naming, profile, system } from './codes.ts'
import { concept } from './concept.ts'
import { toReference } from './reference.ts'

export const taskCodes = {
  respond: 'Answer the patient',
  'match-sender': 'Find out who wrote this',
  'update-schedule': 'Update the schedule',
  'call-patient': 'Call the patient',
  'fix-contact': 'Correct the contact details',
  'fix-sender': 'Correct how a sender is set up',
  'unknown-outcome': 'Find out whether this message was sent',
} as const
export type TaskCode = keyof typeof taskCodes

/** One per subject and kind of work, so that finding the same trouble twice makes one Task. */
export function taskIdentifier(code: TaskCode, focus: Reference): { system: string; value: string } {
  return { system: naming.taskKey, value: `${code}_${focus.replace('/', '-')}` }
}

/** One per sender: opened again when it is paused again. */
export function senderTaskKey(sender: string): { system: string; value: string } {
  return { system: naming.taskKey, value: `fix-sender_${sender}` }
}

export function toTask(work: {
  code: TaskCode
  focus: Reference
  patient?: Reference
  now: Instant
  /** Where it is not one per kind and subject. */
  identifier?: { system: string; value: string }
  /** For staff, without a word about a patient. */
  what?: string
}): Task {
  return {
    resourceType: 'Task',
    meta: { profile: [profile.staffTask] },
    identifier: [work.identifier ?? taskIdentifier(work.code, work.focus)],
    status: 'requested',
    intent: 'order',
    code: concept(system.task, work.code, taskCodes[work.code]),
    description: work.what,
    focus: toReference(work.focus),
    for: work.patient ? toReference(work.patient) : undefined,
    authoredOn: toIso(work.now),
  }
}
