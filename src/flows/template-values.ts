/** What a template is filled with: the patient's language, the visit's clock, and what the chart knows now. */
import type { DispatchFacts } from '../domain/dispatch.ts'
import { chooseLanguage } from '../domain/language.ts'
import type { MessageRequest, RequestContent } from '../domain/message-request.ts'
import { toOthers } from '../domain/same-day.ts'
import type { Template, TemplateAsk } from '../domain/template.ts'
import { splitCanonical } from '../fhir/template.ts'
import type { World } from './ports.ts'

type Facts = Pick<DispatchFacts, 'request' | 'person' | 'settings' | 'visit'> & {
  /** Reminders of later visits of the day, that may be named too. */
  later?: MessageRequest[]
}
type Pinned = Extract<RequestContent, { kind: 'template' }>

export type Values = Omit<TemplateAsk, 'channel'> & {
  /** Whether the patient gets a language that they read. */
  fits: boolean
}

export function valuesFor({ request, person, settings, visit, later = [] }: Facts): Values {
  const { language, tag, fits } = chooseLanguage(person?.preferredLanguages ?? [], settings.language)
  const given = request.content.kind === 'template' ? request.content.parameters : {}
  // Where and with whom may have changed since it was planned; when has not, or it would not be sent.
  const known = { ...given, ...visitParameters(visit) }
  const zone = known.zone ?? settings.zone
  const others = toOthers(later.flatMap(({ visitStart }) => visitStart ?? []))
  const parameters = {
    ...{ ...known, patient: person?.name.given ?? '', clinic: settings.clinic },
    ...(others && { others }),
  }
  return { language, tag, fits, zone, parameters }
}

function visitParameters(visit: DispatchFacts['visit']): Record<string, string> {
  if (!visit || visit === 'missing') return {}
  return {
    place: visit.place ?? '',
    practitioner: visit.practitioner ?? '',
    ...(visit.zone && { zone: visit.zone }),
  }
}

/** Whom the patient could not answer must not ask, nor offer a STOP that nobody hears. */
export async function forOneWay(
  { clinic }: Pick<World, 'clinic'>,
  template: Template,
): Promise<Template | undefined> {
  if (template.category !== 'reminder') return undefined
  return clinic.templateByName(`${template.name.replace(/-confirmed$/, '')}-one-way`)
}

/** Whoever has confirmed already is not asked again. */
export async function findTemplate(
  { clinic }: Pick<World, 'clinic'>,
  { request, visit }: Pick<Facts, 'request' | 'visit'>,
  { template }: Pinned,
): Promise<Template | undefined> {
  if (request.category === 'reminder' && hasConfirmed({ request, visit })) {
    const sibling = await clinic.templateByName(`${nameIn(template)}-confirmed`)
    if (sibling) return sibling
  }
  return clinic.templateByCanonical(template)
}

function hasConfirmed({ request, visit }: Pick<Facts, 'request' | 'visit'>): boolean {
  if (!visit || visit === 'missing') return false
  return visit.patients.some((one) => one.reference === request.patient && one.confirmed)
}

function nameIn(canonical: string): string {
  const { url } = splitCanonical(canonical)
  return url.slice(url.lastIndexOf('/') + 1)
}

/** For a day of several visits; `undefined` where there is only one, or no such wording. */
export async function findTemplateOfDay(
  { clinic }: Pick<World, 'clinic'>,
  { request, visit, later = [] }: Pick<Facts, 'request' | 'visit' | 'later'>,
  { template }: Pinned,
): Promise<Template | undefined> {
  if (later.length === 0) return undefined
  const name = nameIn(template)
  return clinic.templateByName(`${name}${hasConfirmed({ request, visit }) ? '-confirmed' : ''}-several`)
}
