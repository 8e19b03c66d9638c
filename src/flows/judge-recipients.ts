/**
 * Would this message go to this patient? Asked for every recipient before the first request is written, with the facts
 * that dispatch reads, so that an admin hears at once what would otherwise be found later, one patient at a time.
 */
import type { Channel } from '../domain/channel.ts'
import { type ClosedHop, describeClosed } from '../domain/describe-closed.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import type { MessageRequest, RequestContent } from '../domain/message-request.ts'
import { reasonAgainstPerson } from '../domain/open-channel.ts'
import { openHops } from '../domain/open-hops.ts'
import { type FileKind, fileKindOf } from '../domain/outgoing.ts'
import { type Reason, reasons } from '../domain/reason.ts'
import type { Refusal } from '../domain/recipients.ts'
import { renderTemplate } from '../domain/template.ts'
import { readDispatchFacts } from './dispatch-facts.ts'
import { openFile } from './open-file.ts'
import type { World } from './ports.ts'
import { tellApproval, tellTemplates } from './tell-approvals.ts'
import { tellLostFile } from './tell-lost-file.ts'
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

  const against = reasonAgainstPerson(facts.person)
  if (against) return refused(against)
  const { content } = request
  // Before the channels: which of them carries a file matters only once there is one.
  const file = content.kind === 'file' ? await readFile(world, request.patient, content) : undefined
  if (file?.kind === 'refused') return file

  const hops = openHops(facts)
  if (hops.kind === 'closed') {
    const advice = await adviceFor(world, facts, hops.reason, templates)
    return refused(hops.reason, describeClosed(hops.closed, hops.reason, file && 'a file') + advice)
  }
  if (file) return judgeFile(world, facts, file.what, hops)
  return content.kind === 'template'
    ? judgeTemplate(world, facts, content, hops.channels)
    : suited(facts.request)
}

function refused(reason: Reason, error: string = reasons[reason]): Extract<Judged, { kind: 'refused' }> {
  return { kind: 'refused', reason, error }
}

function isOfVisit({ visit, request }: DispatchFacts): boolean {
  if (!visit || visit === 'missing') return false
  return visit.patients.some(({ reference }) => reference === request.patient)
}

/** What to do about it, where that can be said. */
async function adviceFor(
  world: World,
  facts: DispatchFacts,
  reason: Reason,
  templates: () => Promise<string[]>,
): Promise<string> {
  const { content } = facts.request
  if (reason === 'outside-window') return tellTemplates(world, await templates(), valuesFor(facts).language)
  if (reason !== 'template-not-approved' || content.kind !== 'template') return ''
  const template = await findTemplate(world, facts, content)
  return template ? tellApproval(world, template) : ''
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
    return refused('missing-value', lackOf(template.name, lacking.missing, values.parameters))
  if (lacking || rendered.length === 0)
    return refused(
      'no-template',
      `The template ${template.name} has no words for ${open.join(' or ')} in the patient’s language (${values.language}).`,
    )
  return suited({ ...facts.request, plan: worded })
}

function lackOf(template: string, missing: string | undefined, given: Record<string, string>): string {
  if (!missing) return `The template ${template} needs a value that is not given.`
  // There, and not what it should be.
  if (missing === 'zone') return 'zone must be an IANA zone such as Asia/Dubai.'
  if (given[missing]?.trim()) return `${missing} must be a time such as 2026-11-25T10:00:00+04:00.`
  return `The template ${template} needs a value for ${missing}.`
}

type FileRead = { kind: 'file'; what: FileKind } | Extract<Judged, { kind: 'refused' }>

async function readFile(
  world: World,
  patient: MessageRequest['patient'],
  { file }: Extract<RequestContent, { kind: 'file' }>,
): Promise<FileRead> {
  const found = await openFile(world, file, patient)
  if (!found) return refused('file-missing', await tellLostFile(world, file, patient))
  return { kind: 'file', what: fileKindOf(found.contentType) }
}

function judgeFile(
  { senders }: World,
  { request }: DispatchFacts,
  what: FileKind,
  { channels: open, closed }: { channels: Channel[]; closed: ClosedHop[] },
): Judged {
  const isCarried = senders.some(
    ({ channel, carries }) => open.includes(channel) && carries.files.includes(what),
  )
  if (isCarried) return suited(request)
  const reason = 'content-not-carried'
  const all = [...closed, ...open.map((channel) => ({ channel, reason }) as const)]
  const inOrder = request.plan.flatMap((channel) => all.find((one) => one.channel === channel) ?? [])
  return refused(reason, describeClosed(inOrder, reason, whatItIs[what]))
}

const whatItIs: Record<FileKind, string> = {
  document: 'a document',
  image: 'a picture',
  voice: 'a voice message',
  video: 'a video',
}
