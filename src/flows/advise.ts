/**
 * advise: the EMR asks what its user should know while booking a visit or opening a chart (CDS Hooks).
 * in: the patient and the visits proposed · decides: `adviseBooking`, `adviseChart` · out: nothing is written
 */
import type { Appointment } from 'fhir/r4'
import {
  type Advice,
  type AdviceAsk,
  type AdviceGiven,
  adviseBooking,
  adviseChart,
  lastReminder,
  lookBackFrom,
} from '../domain/cds-advice.ts'
import type { ClosedHop } from '../domain/describe-closed.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import { chooseLanguage } from '../domain/language.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { openHops } from '../domain/open-hops.ts'
import { planReminders } from '../domain/plan-reminders.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import { renderTemplate } from '../domain/template.ts'
import { toIso } from '../domain/time.ts'
import type { Visit } from '../domain/visit.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { readDispatchFacts, readRequest } from './dispatch-facts.ts'
import { pinTemplates } from './plan-reminders.ts'
import type { World } from './ports.ts'
import { findTemplate, valuesFor } from './template-values.ts'
import { readAround } from './visit.ts'

/** Throws `EmrError` while host or store cannot tell. */
export async function advise(world: World, ask: AdviceAsk): Promise<AdviceGiven> {
  const settings = await world.clinic.settings()
  const advice =
    ask.hook === 'appointment-book'
      ? await adviseOnBooking(world, settings, ask)
      : await adviseOnChart(world, ask.patient)
  return { advice, language: settings.language }
}

/** Several visits would say the same about the same patient: the first that is reminded speaks for all. */
async function adviseOnBooking(
  world: World,
  settings: ClinicSettings,
  { patient, appointments }: Extract<AdviceAsk, { hook: 'appointment-book' }>,
): Promise<Advice[]> {
  const templates = await pinTemplates(
    world,
    settings.rules.map(({ template }) => template),
  )
  for (const appointment of appointments) {
    const visit = await readProposed(world, settings, patient, appointment as Appointment)
    const planned = planReminders({ visit, requests: [], settings, templates, now: world.now() }).create
    if (planned[0]) return judge(world, visit, withAllChannels(planned[0], planned))
  }
  return []
}

/** As it will stand in the schedule: of this patient, and in a state in which it is reminded. */
async function readProposed(
  world: World,
  settings: ClinicSettings,
  patient: Reference,
  appointment: Appointment,
): Promise<Visit> {
  const visit = await readAround(world.host, appointment, settings)
  return {
    ...visit,
    status: visit.status === 'proposed' && !settings.remindOn.includes('proposed') ? 'booked' : visit.status,
    patients: [{ reference: patient, confirmed: false }],
    changedAt: world.now(),
  }
}

function withAllChannels(first: MessageRequest, planned: MessageRequest[]): MessageRequest {
  return { ...first, plan: [...new Set(planned.flatMap(({ plan }) => plan))] }
}

/** With the facts that dispatch will read; only the visit is not in the schedule yet. */
async function judge(world: World, visit: Visit, request: MessageRequest): Promise<Advice[]> {
  const read = await readDispatchFacts(world, { ...request, visit: undefined })
  const facts: DispatchFacts = { ...read, request, visit }
  const hops = openHops(facts)
  const { person, settings } = facts
  const preferredLanguages = person?.preferredLanguages ?? []
  return adviseBooking({
    hops,
    wordless: hops.kind === 'open' ? await findWordless(world, facts, hops.channels) : [],
    language: chooseLanguage(preferredLanguages, settings.language),
    preferredLanguages,
  })
}

/** Nobody is shown what was rendered. */
async function findWordless(
  world: World,
  facts: DispatchFacts,
  open: ClosedHop['channel'][],
): Promise<ClosedHop[]> {
  const { content } = facts.request
  const template = content.kind === 'template' ? await findTemplate(world, facts, content) : undefined
  return open.flatMap((channel) => {
    const rendered = template && renderTemplate(template, { ...valuesFor(facts), channel })
    if (rendered?.kind === 'rendered') return []
    return [{ channel, reason: rendered?.reason ?? 'no-template' }]
  })
}

async function adviseOnChart(world: World, patient: Reference): Promise<Advice[]> {
  const found = await world.store.search('Communication', {
    subject: patient,
    _lastUpdated: `ge${toIso(lookBackFrom(world.now()))}`,
  })
  const attempts = found.flatMap((resource) => fromAttempt(resource) ?? [])
  const last = lastReminder(attempts)
  return adviseChart({
    inbound: found.flatMap((resource) => fromInbound(resource) ?? []),
    attempts,
    underway: last ? await findUnderway(world, last.request) : [],
  })
}

async function findUnderway({ store }: World, request: Reference): Promise<Reference[]> {
  const read = await readRequest(store, request)
  return read.kind === 'request' && read.request.status === 'active' ? [request] : []
}
