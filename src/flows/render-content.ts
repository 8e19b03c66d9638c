/** What the message says, in the form that its sender takes now: our own words, an approved template, a file, a reaction. */
import { usableForm } from '../domain/approval-form.ts'
import type { FileSent } from '../domain/attempt.ts'
import type { DispatchFacts, Hop } from '../domain/dispatch.ts'
import type { MessageRequest, Reference, ReplyOption, RequestContent } from '../domain/message-request.ts'
import { nextAttemptId } from '../domain/once-more.ts'
import { isWindowOpen } from '../domain/open-channel.ts'
import { type FileKind, fileKindOf, type OutgoingContent } from '../domain/outgoing.ts'
import { isCheaper } from '../domain/rate-card.ts'
import type { Reason } from '../domain/reason.ts'
import { renderTemplate, type Template } from '../domain/template.ts'
import { parametersOf } from '../domain/template-parameters.ts'
import { openFile } from './open-file.ts'
import type { Sender, World } from './ports.ts'
import { findTemplate, findTemplateOfDay, forOneWay, type Values, valuesFor } from './template-values.ts'

export interface Content {
  kind: 'content'
  outgoing: OutgoingContent
  /** As the patient reads it; absent for a file without a caption and for a reaction. */
  text?: string
  subject?: string
  file?: FileSent
  reaction?: string
  language: string
  languageFits: boolean
  template?: string
  replyOptions: ReplyOption[]
  /** Reminders of later visits of the day that it names. */
  carries?: Reference[]
}

type Asked = DispatchFacts & {
  /** Of other visits of the day, all later ones: they are named where the wording has room for them. */
  later?: MessageRequest[]
}

type Rendered = Content | { kind: 'refused'; reason: Reason }

export async function renderContent(world: World, facts: Asked, hop: Hop, sender: Sender): Promise<Rendered> {
  const { content } = facts.request
  switch (content.kind) {
    case 'text':
      return inStaffsWords(facts, hop, sender, content)
    case 'file':
      return asFile(world, facts, hop, sender, content)
    case 'reaction':
      return asReaction(facts, hop, content)
    case 'template':
      return asTemplate(world, facts, hop, sender, content)
  }
}

function refused(reason: Reason): Rendered {
  return { kind: 'refused', reason }
}

/** What staff wrote is in the language that they chose to write in. */
function written(facts: DispatchFacts): Pick<Content, 'kind' | 'language' | 'languageFits' | 'replyOptions'> {
  return { kind: 'content', language: valuesFor(facts).tag, languageFits: true, replyOptions: [] }
}

function subjectOf({ settings }: DispatchFacts, { channel }: Hop): { subject?: string } {
  return channel === 'email' ? { subject: settings.clinic } : {}
}

function inStaffsWords(facts: DispatchFacts, hop: Hop, sender: Sender, { text }: { text: string }): Rendered {
  if (text.trim() === '') return refused('no-content')
  if (text.length > sender.carries.longestText) return refused('content-not-carried')
  const subject = subjectOf(facts, hop)
  return { ...written(facts), outgoing: { kind: 'text', text, ...subject }, text, ...subject }
}

async function asFile(
  world: World,
  facts: DispatchFacts,
  hop: Hop,
  sender: Sender,
  { file: reference, text }: Extract<RequestContent, { kind: 'file' }>,
): Promise<Rendered> {
  const { request } = facts
  const found = await openFile(world, reference, request.patient)
  if (!found) return refused('file-missing')
  const { contentType, name, size, read } = found
  const kind = fileKindOf(contentType)
  if (!mayCarry(sender, kind, text)) return refused('content-not-carried')
  const id = nextAttemptId(facts, hop.index)
  const url = world.offerFile({ attemptId: id, file: reference })
  const file = { kind, contentType, name, url, read, ...(size !== undefined && { size }) }
  const subject = subjectOf(facts, hop)
  return {
    ...written(facts),
    outgoing: { kind: 'file', file, ...(text && { caption: text }), ...subject },
    file: { reference, contentType, name },
    ...(text && { text }),
    ...subject,
  }
}

/** Words under a file that the channel does not show would be lost without anyone knowing. */
function mayCarry({ carries }: Sender, kind: FileKind, caption: string | undefined): boolean {
  if (!carries.files.includes(kind)) return false
  return !caption || (carries.captions ?? carries.files).includes(kind)
}

/** Only to what this very patient wrote on this very channel. */
function asReaction(facts: DispatchFacts, { channel }: Hop, { emoji }: { emoji: string }): Rendered {
  const { answered, request } = facts
  if (answered?.patient !== request.patient || answered.channel !== channel) return refused('no-content')
  const toMessage = answered.providerId.value
  return { ...written(facts), outgoing: { kind: 'reaction', emoji, toMessage }, reaction: emoji }
}

type Pinned = Extract<RequestContent, { kind: 'template' }>

/** A visit that is not named in the message is not fulfilled by it: its own reminder goes too. */
async function asTemplate(
  world: World,
  { later = [], ...facts }: Asked,
  hop: Hop,
  sender: Sender,
  content: Pinned,
): Promise<Rendered> {
  const ofDay = sender.carries.answers && (await findTemplateOfDay(world, { ...facts, later }, content))
  if (ofDay && parametersOf(ofDay).required.includes('others')) {
    const rendered = asWorded(world, { ...facts, later }, hop, sender, ofDay)
    const carries = later.flatMap(({ reference }) => reference ?? [])
    if (rendered.kind === 'content') return { ...rendered, carries }
  }
  const found = await findTemplate(world, facts, content)
  const template = found && !sender.carries.answers ? await forOneWay(world, found) : found
  return template ? asWorded(world, facts, hop, sender, template) : refused('no-template')
}

function asWorded(world: World, facts: Asked, hop: Hop, sender: Sender, template: Template): Rendered {
  const values = valuesFor(facts)
  const rendered = renderTemplate(template, { ...values, channel: hop.channel })
  if (rendered.kind === 'refused') return refused(rendered.reason)
  const said = {
    kind: 'content',
    language: values.tag,
    languageFits: values.fits,
    template: `${template.url}|${template.version}`,
    replyOptions: template.replyOptions,
  } as const
  const { text, subject } = rendered
  const own = {
    ...said,
    outgoing: { kind: 'text', text, ...(subject && { subject }) },
    text,
    subject,
  } as const
  if (hop.channel !== 'whatsapp' || sender.carries.templates === 'none') return own
  const approved = usableForm(template, sender.id, values)
  const id = approved?.approval.id
  const isOpen = isWindowOpen(facts)
  if (!approved || !id) return isOpen ? own : refused('template-not-approved')
  // Our own words say all that we know; a wording of the company's may cost less.
  const ask = { provider: sender.provider, to: hop.to, at: world.now() }
  if (isOpen && !isCheaper(world.rateCards, ask, { category: 'utility', than: 'service' })) return own
  return { ...said, ...asApproved(approved, values, id) }
}

function asApproved(
  { approval, values, body }: NonNullable<ReturnType<typeof usableForm>>,
  { language }: Values,
  id: string,
): Pick<Content, 'outgoing' | 'text'> {
  return {
    outgoing: { kind: 'template', template: { id, name: approval.name, language, values } },
    text: body.replace(/\{\{(\d+)\}\}/g, (_, place) => values[Number(place) - 1] ?? ''),
  }
}
