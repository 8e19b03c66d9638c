/** From an order and those it is for to the requests that would be written; or why none can be. */
import { channels as allChannels, type Channel } from '../domain/channel.ts'
import type { MessageRequest, RequestContent } from '../domain/message-request.ts'
import { reasons } from '../domain/reason.ts'
import { asksForVisit, isForSending, type Template } from '../domain/template.ts'
import { parametersOf } from '../domain/template-parameters.ts'
import { after, day, type Instant, instant, toIso } from '../domain/time.ts'
import type { Visit } from '../domain/visit.ts'
import { idOf } from '../fhir/reference.ts'
import type { Found } from './find-recipients.ts'
import { type MessageOrder, nameOf, type Wish } from './message-order.ts'
import type { World } from './ports.ts'
import { readTemplateNames } from './template-names.ts'
import { readVisit } from './visit.ts'

type Planned = { kind: 'planned'; wishes: Wish[] } | { kind: 'refused'; error: string }

/** Without an end of its own a message is stale after two days. */
const usefulFor = 2 * day

export async function planMessages(world: World, order: MessageOrder, found: Found[]): Promise<Planned> {
  const subject = await readSubject(world, order, found)
  if (subject.kind === 'refused') return subject
  const now = world.now()
  const dueAt = instant(Math.max(order.at ?? now, now))
  const until = endOf(order, subject, dueAt)
  if (until <= dueAt) return refused('The message would be useless before it may go: until is not after at.')
  const wishes = found.map((one) => toWish(world, order, subject, one, { dueAt, until }))
  return { kind: 'planned', wishes: withoutRepetition(wishes) }
}

/** A reminder is of no use once its visit has begun, whatever was asked for. */
function endOf({ until }: MessageOrder, subject: Subject, dueAt: Instant): Instant {
  const start = subject.visit?.start
  const wished = until ?? start ?? after(dueAt, usefulFor)
  return isReminder(subject) && start !== undefined ? instant(Math.min(wished, start)) : wished
}

function isReminder({ template, visit }: Subject): boolean {
  return template?.category === 'reminder' && visit !== undefined
}

function refused(error: string): { kind: 'refused'; error: string } {
  return { kind: 'refused', error }
}

/** What all of them have in common. */
interface Subject {
  kind: 'subject'
  template?: Template
  visit?: Visit
}

async function readSubject(
  world: World,
  { content, visit: reference, channels = [] }: MessageOrder,
  found: Found[],
): Promise<Subject | { kind: 'refused'; error: string }> {
  const served = world.senders.map(({ channel }) => channel)
  const unserved = channels.find((channel) => !served.includes(channel))
  if (unserved)
    return refused(`There is no sender for ${unserved}; there are for: ${[...new Set(served)].join(', ')}.`)
  const template = content.kind === 'template' ? await world.clinic.templateByName(content.name) : undefined
  if (content.kind === 'template' && !(template && isForSending(template)))
    return refused(
      `There is no template called ${readable(content.name)}; there are: ${(await readTemplateNames(world.store)).join(', ')}.`,
    )
  const against = template && againstTemplate(template, found, reference !== undefined)
  if (against) return refused(against)
  const visit = reference && (await readVisit(world.host, reference, await world.clinic.settings()))
  if (visit === 'missing') return refused(reasons['visit-missing'])
  return { kind: 'subject', ...(template && { template }), ...(visit && { visit }) }
}

/** What no value of any recipient could mend. */
function againstTemplate(template: Template, found: Found[], hasVisit: boolean): string | undefined {
  const { name } = template
  if (asksForVisit(template) && !hasVisit) return `${name} asks for an answer to a visit: name the visit.`
  const { required, optional } = parametersOf(template)
  const known = [...required, ...optional]
  const given = new Set(found.flatMap(({ entry }) => Object.keys(entry.parameters)))
  const odd = [...given].find((one) => !known.includes(one) && one !== 'patient' && one !== 'clinic')
  if (odd === undefined) return undefined
  const value = readable(odd) === odd ? `value ${odd}` : 'such value'
  return `${name} knows no ${value}; it knows: ${known.join(', ') || 'none'}.`
}

/** What is no name is not repeated: it may be anything. */
function readable(name: string): string {
  return /^[\w.-]{1,100}$/.test(name) ? name : 'so'
}

function toWish(
  { senders }: World,
  order: MessageOrder,
  subject: Subject,
  found: Found,
  time: { dueAt: Instant; until: Instant },
): Wish {
  const to = nameOf(found)
  if (found.kind === 'refused')
    return { kind: 'refused', refusal: { to, reason: found.reason, error: found.error } }
  const plan = order.channels ?? defaultPlan(senders, found.channels)
  if (plan.length === 0) {
    const error = `No sender is set up for ${(found.channels ?? allChannels).join(' or ')}.`
    return { kind: 'refused', refusal: { to, reason: 'no-sender', error } }
  }
  return { kind: 'wish', found, request: toRequest(order, subject, found, { ...time, plan }) }
}

/** WhatsApp first: it costs least and shows most. An address that was named is answered on its own channels. */
function defaultPlan(senders: World['senders'], named: Channel[] | undefined): Channel[] {
  const preferred: Channel[] = ['whatsapp', 'sms', 'email']
  return preferred.filter(
    (channel) => senders.some((one) => one.channel === channel) && (!named || named.includes(channel)),
  )
}

function toRequest(
  order: MessageOrder,
  subject: Subject,
  found: Extract<Found, { kind: 'patient' }>,
  { dueAt, until, plan }: { dueAt: Instant; until: Instant; plan: Channel[] },
): MessageRequest {
  const { template, visit } = subject
  const { patient } = found
  return {
    key: `api-${order.call.key}_${idOf(patient)}`,
    status: 'active',
    // A reminder of a visit is judged by that visit, whatever it is called.
    category: isReminder(subject) ? 'reminder' : (order.category ?? 'conversation'),
    priority: order.priority,
    patient,
    recipient: patient,
    ...(order.visit && { visit: order.visit }),
    ...(visit?.start !== undefined && { visitStart: visit.start }),
    plan,
    dueAt,
    window: { from: dueAt, until },
    content: contentOf(order, template, visit, found.entry.parameters),
    replyOptions: template?.replyOptions ?? [],
    forbidden: false,
  }
}

/** The version that is pinned is the newest of now. */
function contentOf(
  { content }: MessageOrder,
  template: Template | undefined,
  visit: Visit | undefined,
  given: Record<string, string>,
): RequestContent {
  if (content.kind !== 'template') return content
  const parameters = {
    ...given,
    ...(visit?.start !== undefined && { start: toIso(visit.start) }),
    ...(visit?.zone && { zone: visit.zone }),
  }
  return { kind: 'template', template: `${template?.url}|${template?.version}`, parameters }
}

/** Who stands in the list twice gets one message, unless the two would say different things. */
function withoutRepetition(wishes: Wish[]): Wish[] {
  const seen = new Map<string, string>()
  return wishes.flatMap((wish): Wish[] => {
    if (wish.kind === 'refused') return [wish]
    const { key, content } = wish.request
    const said = JSON.stringify(content)
    const before = seen.get(key)
    if (before === undefined) seen.set(key, said)
    if (before === undefined) return [wish]
    if (before === said) return []
    const error = 'This patient stands in the list twice, with different values.'
    return [{ kind: 'refused', refusal: { to: nameOf(wish.found), reason: 'unreadable-request', error } }]
  })
}
