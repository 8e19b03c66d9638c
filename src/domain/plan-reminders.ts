/**
 * Which reminders a visit should have: one request per patient × rule × start. Planning twice changes nothing; a moved
 * visit gets other keys, so what was planned for the old time is revoked.
 */
import type { MessageRequest, Reference } from './message-request.ts'
import type { Reason } from './reason.ts'
import type { ClinicSettings, ReminderRule } from './settings.ts'
import { beforeByRule, type Instant, parseInstant, toBasicIso, toDuration, toIso } from './time.ts'
import { reasonAgainstReminding, type Visit } from './visit.ts'

export interface PlanFacts {
  visit: Visit
  /** Every request that belongs to the visit, whatever its status. */
  requests: MessageRequest[]
  /** Of the patients whose record could not be found once: those who have one now. */
  found?: Reference[]
  settings: ClinicSettings
  /** Template name → `url|version` to pin. */
  templates: Record<string, string>
  now: Instant
}

export interface ReminderPlan {
  create: MessageRequest[]
  /** Revoked earlier because of the visit, wanted again now. */
  revive: MessageRequest[]
  /** Planned already, but by an older form of the rule. */
  adjust: MessageRequest[]
  revoke: { request: MessageRequest; reason: Reason }[]
  /** Why the visit cannot be planned at all. */
  unplannable?: Reason
}

export function planReminders(facts: PlanFacts): ReminderPlan {
  const { visit, settings } = facts
  const against = reasonAgainstReminding(visit, settings.remindOn) ?? unplannable(visit)
  if (against)
    return {
      create: [],
      revive: [],
      adjust: [],
      revoke: unsent(facts).map((request) => ({ request, reason: against })),
      ...(unplannable(visit) && { unplannable: unplannable(visit) }),
    }
  const wanted = visit.patients.flatMap((patient) => reminders(facts, patient.reference))
  const byKey = new Map(facts.requests.map((request) => [request.key, request]))
  const timely = wanted.filter((one) => isTimely(facts, one))
  return {
    create: timely.filter((one) => !byKey.has(one.key)).map((one) => one.request),
    adjust: timely.flatMap((one) => adjusted(byKey.get(one.key), one.request)),
    revive: wanted.flatMap((one) => revivable(facts, byKey.get(one.key), one)),
    revoke: unsent(facts)
      .filter((request) => !wanted.some((one) => one.key === request.key))
      .map((request) => ({ request, reason: reasonToRevoke(visit, request) }))
      // What a script ordered belongs to no rule, so no rule's change ends it.
      .filter(({ request, reason }) => request.ruleId !== undefined || reason !== 'rule-changed'),
  }
}

function unplannable(visit: Visit): Reason | undefined {
  if (visit.start === undefined) return 'visit-without-start'
  if (visit.zone === undefined) return 'visit-without-zone'
  return visit.patients.length === 0 ? 'visit-without-patient' : undefined
}

/** Reminders that may still be withdrawn. Only reminders: what staff wrote about a visit is theirs. */
function unsent(facts: PlanFacts): MessageRequest[] {
  return facts.requests.filter(
    (request) =>
      request.category === 'reminder' &&
      // A "do not perform" is the EMR's wish: to revoke it would lift it.
      !request.forbidden &&
      // The patient has it: there is nothing to withdraw.
      request.handedOverAt === undefined &&
      ['draft', 'active', 'on-hold'].includes(request.status),
  )
}

interface Wanted {
  key: string
  rule: ReminderRule
  dueAt: Instant
  until: Instant
  request: MessageRequest
}

function reminders(facts: PlanFacts, patient: Reference): Wanted[] {
  const { visit, settings } = facts
  const { start, zone } = visit
  if (start === undefined || zone === undefined) return []
  const dues = settings.rules.map((rule) => beforeByRule(start, rule.before, zone))
  return settings.rules.flatMap((rule, index) => {
    const dueAt = beforeByRule(start, rule.before, zone)
    // "P1D" and "PT24H" are mostly the same instant: one of them is enough.
    if (dues.indexOf(dueAt) < index) return []
    const template = facts.templates[rule.template]
    if (template === undefined) return []
    // The next reminder makes this one useless, and so does the visit itself.
    const until = dues.filter((due) => due > dueAt).reduce((a, b) => (b < a ? b : a), start)
    const key = unspentKey(facts, patient, reminderKey(visit.reference, start, rule.id, patient))
    return [
      {
        key,
        rule,
        dueAt,
        until,
        request: toRequest(facts, { key, rule, dueAt, until, patient, template, start, zone }),
      },
    ]
  })
}

/**
 * A visit that was moved there and back again: what the patient read last is the other time. The reminder that was sent
 * for this time before does not count then, and the next one gets a number.
 */
function unspentKey({ requests, visit }: PlanFacts, patient: Reference, key: string): string {
  const sent = requests
    .filter((one) => one.status === 'completed' || one.handedOverAt !== undefined)
    .filter((one) => one.category === 'reminder' && one.patient === patient)
    .toSorted((a, b) => (a.changedAt ?? 0) - (b.changedAt ?? 0))
  const told = sent.at(-1)?.visitStart
  if (told === undefined || told === visit.start) return newestOf(sent, key)
  const before = sent.filter((one) => one.key === key || one.key.startsWith(`${key}_`)).length
  return before > 0 ? `${key}_${before}` : key
}

function newestOf(sent: MessageRequest[], key: string): string {
  return sent.findLast((one) => one.key.startsWith(`${key}_`))?.key ?? key
}

/** `{appointment}_{start}_{rule}_{patient}`: a group visit has one per patient. */
export function reminderKey(visit: Reference, start: Instant, ruleId: string, patient: Reference): string {
  const id = (reference: Reference) => reference.slice(reference.indexOf('/') + 1)
  return `${id(visit)}_${toBasicIso(start)}_${ruleId}_${id(patient)}`
}

function toRequest(
  { visit, settings }: PlanFacts,
  plan: {
    key: string
    rule: ReminderRule
    dueAt: Instant
    until: Instant
    patient: Reference
    template: string
    start: Instant
    zone: string
  },
): MessageRequest {
  return {
    key: plan.key,
    status: 'active',
    category: 'reminder',
    priority: 'routine',
    patient: plan.patient,
    recipient: plan.patient,
    visit: visit.reference,
    visitStart: plan.start,
    ruleId: plan.rule.id,
    plan: plan.rule.plan,
    dueAt: plan.dueAt,
    window: { from: plan.dueAt, until: plan.until },
    content: {
      kind: 'template',
      template: plan.template,
      parameters: {
        clinic: settings.clinic,
        start: toIso(plan.start),
        zone: plan.zone,
        place: visit.place ?? '',
        practitioner: visit.practitioner ?? '',
      },
    },
    replyOptions: ['confirm', 'cancel'],
    ...toFallback(plan.rule),
    forbidden: false,
  }
}

function toFallback({ fallbackAfter }: ReminderRule): Pick<MessageRequest, 'fallbackAfter'> {
  if (!fallbackAfter) return {}
  const { unread, undelivered } = fallbackAfter
  return {
    fallbackAfter: {
      ...(unread !== undefined && { unread: toDuration(unread) }),
      ...(undelivered !== undefined && { undelivered: toDuration(undelivered) }),
    },
  }
}

/** A time that is past is made up for only where that still helps, and where the clinic's rule wants it. */
function isTimely({ visit, settings, now }: PlanFacts, wanted: Wanted): boolean {
  if (now >= wanted.until) return false
  if (now <= wanted.dueAt) return true
  const since = parseInstant(settings.remindChangesSince)
  const changedAt = visit.changedAt
  if (changedAt === undefined || since === undefined || changedAt < since) return false
  return changedAt <= wanted.dueAt || wanted.rule.bookedLate === 'send-now'
}

/** What a later look at the visit may undo: a check-in by mistake and a start that was gone for a while too. */
const becauseOfTheVisit: Reason[] = [
  'visit-cancelled',
  'visit-moved',
  'visit-missing',
  'visit-over',
  'visit-without-patient',
  'visit-without-start',
  'visit-without-zone',
  'rule-changed',
]

/** The window tells the rule's time; `dueAt` alone may have been put off by quiet hours. */
function adjusted(existing: MessageRequest | undefined, wanted: MessageRequest): MessageRequest[] {
  if (existing?.status !== 'active' || existing.content.kind !== 'template') return []
  if (existing.handedOverAt !== undefined) return []
  const isSame =
    existing.window.from === wanted.window.from &&
    existing.window.until === wanted.window.until &&
    existing.plan.join() === wanted.plan.join() &&
    existing.fallbackAfter?.unread === wanted.fallbackAfter?.unread &&
    existing.fallbackAfter?.undelivered === wanted.fallbackAfter?.undelivered &&
    wanted.content.kind === 'template' &&
    existing.content.template === wanted.content.template
  return isSame ? [] : [{ ...wanted, reference: existing.reference }]
}

function revivable(facts: PlanFacts, existing: MessageRequest | undefined, wanted: Wanted): MessageRequest[] {
  if (existing?.status !== 'revoked' || !existing.reason) return []
  const may = wasOnlyAway(facts, existing)
    ? facts.now < wanted.until
    : becauseOfTheVisit.includes(existing.reason) && isTimely(facts, wanted)
  return may ? [{ ...wanted.request, reference: existing.reference, reason: undefined }] : []
}

/** The EMR did not show it for a while: nobody changed anything, so it is only late, however old the visit is. */
function wasOnlyAway({ found = [] }: PlanFacts, { reason, patient }: MessageRequest): boolean {
  return reason === 'visit-missing' || (reason === 'patient-missing' && found.includes(patient))
}

function reasonToRevoke(visit: Visit, request: MessageRequest): Reason {
  if (request.visitStart !== visit.start) return 'visit-moved'
  return visit.patients.some((patient) => patient.reference === request.patient)
    ? 'rule-changed'
    : 'visit-cancelled'
}
