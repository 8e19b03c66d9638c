/** What the message says, in the patient's language, with days and times on the visit's own clock. */
import type { DispatchFacts, Hop } from '../domain/dispatch.ts'
import { chooseLanguage } from '../domain/language.ts'
import type { ReplyOption } from '../domain/message-request.ts'
import type { Reason } from '../domain/reason.ts'
import { renderTemplate } from '../domain/template.ts'
import { splitCanonical } from '../fhir/template.ts'
import type { World } from './ports.ts'

export type Content =
  | {
      kind: 'content'
      text: string
      subject?: string
      language: string
      languageFits: boolean
      template?: string
      replyOptions: ReplyOption[]
    }
  | { kind: 'refused'; reason: Reason }

export async function renderContent(world: World, facts: DispatchFacts, hop: Hop): Promise<Content> {
  const { request, person, settings } = facts
  const { language, tag, fits } = chooseLanguage(person?.preferredLanguages ?? [], settings.language)
  const { content } = request
  if (content.kind === 'text') {
    if (content.text.trim() === '') return { kind: 'refused', reason: 'no-content' }
    const subject = hop.channel === 'email' ? settings.clinic : undefined
    return {
      kind: 'content',
      text: content.text,
      subject,
      language: tag,
      languageFits: true,
      replyOptions: [],
    }
  }
  const template = await findTemplate(world, facts, content.template)
  if (!template) return { kind: 'refused', reason: 'no-template' }
  // Where and with whom may have changed since it was planned; when has not, or it would not be sent.
  const known = { ...content.parameters, ...visitParameters(facts.visit) }
  const zone = known.zone ?? settings.zone
  const parameters = { ...known, patient: person?.name.given ?? '', clinic: settings.clinic }
  const rendered = renderTemplate(template, { channel: hop.channel, language, tag, zone, parameters })
  if (rendered.kind === 'refused') return { kind: 'refused', reason: rendered.reason }
  return {
    kind: 'content',
    text: rendered.text,
    subject: rendered.subject,
    language: tag,
    languageFits: fits,
    template: `${template.url}|${template.version}`,
    replyOptions: template.replyOptions,
  }
}

function visitParameters(visit: DispatchFacts['visit']): Record<string, string> {
  if (!visit || visit === 'missing') return {}
  return {
    place: visit.place ?? '',
    practitioner: visit.practitioner ?? '',
    ...(visit.zone && { zone: visit.zone }),
  }
}

/** Whoever has confirmed already is not asked again. */
async function findTemplate(world: World, { request, visit }: DispatchFacts, canonical: string) {
  const confirmed =
    visit &&
    visit !== 'missing' &&
    visit.patients.some((one) => one.reference === request.patient && one.confirmed)
  if (request.category === 'reminder' && confirmed) {
    const { url } = splitCanonical(canonical)
    const sibling = await world.clinic.templateByName(`${url.slice(url.lastIndexOf('/') + 1)}-confirmed`)
    if (sibling) return sibling
  }
  return world.clinic.templateByCanonical(canonical)
}
