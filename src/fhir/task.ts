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
  'unknown-outcome': 'Find out whether this message was sent',
} as const
export type TaskCode = keyof typeof taskCodes

/** One per subject and kind of work, so that finding the same trouble twice makes one Task. */
export function taskIdentifier(code: TaskCode, focus: Reference): { system: string; value: string } {
  return { system: naming.taskKey, value: `${code}_${focus.replace('/', '-')}` }
}

export function toTask(work: { code: TaskCode; focus: Reference; patient?: Reference; now: Instant }): Task {
  return {
    resourceType: 'Task',
    meta: { profile: [profile.staffTask] },
    identifier: [taskIdentifier(work.code, work.focus)],
    status: 'requested',
    intent: 'order',
    code: concept(system.task, work.code, taskCodes[work.code]),
    focus: toReference(work.focus),
    for: work.patient ? toReference(work.patient) : undefined,
    authoredOn: toIso(work.now),
  }
}
