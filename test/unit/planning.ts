/** Planning as a case needs it: the facts of an ordinary visit, and the store after a plan was carried out. */
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { type PlanFacts, planReminders, type ReminderPlan } from '../../src/domain/plan-reminders.ts'
import { before, day } from '../../src/domain/time.ts'
import { now, settings, visit, visitStart } from '../people.ts'

export const templates = { 'visit-reminder': 'https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1' }

export const plan = (differs: Partial<PlanFacts> = {}): ReminderPlan =>
  planReminders({ visit: visit(), requests: [], settings: settings(), templates, now, ...differs })

/** The store after the plan was carried out. */
export function carriedOut(
  requests: MessageRequest[],
  { create, revive, revoke }: ReminderPlan,
): MessageRequest[] {
  const revived = new Map(revive.map((one) => [one.key, one]))
  const revoked = new Map(revoke.map(({ request: one, reason }) => [one.key, reason]))
  const kept = requests.map((one) => {
    const reason = revoked.get(one.key)
    return revived.get(one.key) ?? (reason ? { ...one, status: 'revoked' as const, reason } : one)
  })
  return [...kept, ...create.map((one) => ({ ...one, reference: `CommunicationRequest/${one.key}` }))]
}

export const planned = (differs: Partial<PlanFacts> = {}) => carriedOut([], plan(differs))
export const nothing: ReminderPlan = { create: [], revive: [], adjust: [], revoke: [] }
export const fourDaysBefore = before(visitStart, 4 * day)
