/**
 * Would this message go to this patient? Asked for every recipient before the first request is written, with the facts
 * that dispatch reads, so that an admin hears at once what would otherwise be found later, one patient at a time.
 */
import type { Channel } from '../domain/channel.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import type { MessageRequest, RequestContent } from '../domain/message-request.ts'
import { openHops } from '../domain/open-hops.ts'
import { fileKindOf } from '../domain/outgoing.ts'
import { type Reason, reasons } from '../domain/reason.ts'
import type { Refusal } from '../domain/recipients.ts'
import { renderTemplate } from '../domain/template.ts'
import { readDispatchFacts } from './dispatch-facts.ts'
import { openFile } from './open-file.ts'
import type { World } from './ports.ts'
import { findTemplate, valuesFor } from './template-values.ts'

export type Judged = { kind: 'suited'; request: MessageRequest } | ({ kind: 'refused' } & Refusal)

/** Stands for a request that is still to be written: nothing is on file for it. */
const notYetWritten = 'CommunicationRequest/not-yet-written'

/** `templates` are the names that could be sent by WhatsApp at any time. */
export async function judgeRecipient(
  world: World,
  request: MessageRequest,
  templates: () => Promise<string[]>,
): Promise<Judged> {
  const facts = await readDispatchFacts(world, { ...request, reference: notYetWritten })
  if (request.visit && !isOfVisit(facts)) return refused('visit-missing', 'The visit is not this patient’s.')

  const hops = openHops(facts)
  if (hops.kind === 'closed') return refused(hops.reason, await sentenceFor(hops.reason, templates))
  return judgeContent(world, facts, hops.channels)
}

function refused(reason: Reason, error: string = reasons[reason]): Extract<Judged, { kind: 'refused' }> {
  return { kind: 'refused', reason, error }
}

function isOfVisit({ visit, request }: DispatchFacts): boolean {
  if (!visit || visit === 'missing') return false
  return visit.patients.some(({ reference }) => reference === request.patient)
}

async function sentenceFor(reason: Reason, templates: () => Promise<string[]>): Promise<string> {
  if (reason !== 'outside-window') return reasons[reason]
  const names = await templates()
  const instead = names.length > 0 ? ` Send a template instead: ${names.join(', ')}.` : ''
  return reasons[reason] + instead
}

async function judgeContent(world: World, facts: DispatchFacts, open: Channel[]): Promise<Judged> {
  const { content } = facts.request
  if (content.kind === 'template') return judgeTemplate(world, facts, content, open)
  if (content.kind === 'file') return judgeFile(world, facts, content, open)
  return suited(facts.request)
}

function suited({ reference: _notYet, ...request }: MessageRequest): Judged {
  return { kind: 'suited', request }
}

/** Channels for which the template has no words in the patient's language are left out of the routing plan. */
async function judgeTemplate(
  world: World,
  facts: DispatchFacts,
  content: Extract<RequestContent, { kind: 'template' }>,
  open: Channel[],
): Promise<Judged> {
  const template = await findTemplate(world, facts, content)
  if (!template) return refused('no-template')
  const values = valuesFor(facts)
  const worded = facts.request.plan.filter((channel) =>
    template.contents.some((one) => one.channel === channel && one.language === values.language),
  )
  const rendered = open
    .filter((channel) => worded.includes(channel))
    .map((channel) => renderTemplate(template, { ...values, channel }))
  const lacking = rendered.find((one) => one.kind === 'refused')
  if (lacking?.kind === 'refused' && lacking.reason === 'missing-value')
    return refused('missing-value', lackOf(template.name, lacking.missing))
  if (lacking || rendered.length === 0)
    return refused(
      'no-template',
      `The template ${template.name} has no words for ${open.join(' or ')} in the patient’s language (${values.language}).`,
    )
  return suited({ ...facts.request, plan: worded })
}

function lackOf(template: string, missing: string | undefined): string {
  return missing
    ? `The template ${template} needs a value for ${missing}.`
    : `The template ${template} needs a value that is not given.`
}

async function judgeFile(
  world: World,
  { request }: DispatchFacts,
  { file }: Extract<RequestContent, { kind: 'file' }>,
  open: Channel[],
): Promise<Judged> {
  const found = await openFile(world, file, request.patient)
  if (!found) return refused('file-missing')
  const kind = fileKindOf(found.contentType)
  const isCarried = world.senders.some(
    ({ channel, carries }) => open.includes(channel) && carries.files.includes(kind),
  )
  return isCarried ? suited(request) : refused('content-not-carried')
}
