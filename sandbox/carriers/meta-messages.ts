/** The imitated `POST /messages`: what it understands, what it refuses and when, what it answers. */
import { randomBytes, randomInt } from 'node:crypto'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { carriedFile } from '../phones/file-shelf.ts'
import type { Refusal } from '../phones/recipient-rules.ts'
import type { SendRequest } from '../phones/send-request.ts'
import type { CarrierDesk, SendWire, WireAnswer } from '../phones/wire.ts'
import { graphError, invalidParameter, refused } from './meta-errors.ts'
import { countPlaces } from './meta-templates.ts'
import { digits, statusCall } from './meta-webhooks.ts'

const mediaId = z.object({ id: z.string().min(1), caption: z.string().max(1_024).optional() })
const kinds = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.object({ body: z.string().min(1).max(4_096) }) }),
  z.object({
    type: z.literal('template'),
    template: z.object({
      name: z.string().min(1),
      language: z.object({ code: z.string().min(1) }),
      components: z
        .array(
          z.object({
            type: z.literal('body'),
            parameters: z.array(
              z.object({ type: z.literal('text'), text: z.string().regex(/^(?!.* {5})[^\n\r\t]+$/) }),
            ),
          }),
        )
        .max(1)
        .default([]),
    }),
  }),
  z.object({ type: z.literal('document'), document: mediaId.extend({ filename: z.string().optional() }) }),
  z.object({ type: z.literal('image'), image: mediaId }),
  z.object({ type: z.literal('video'), video: mediaId }),
  z.object({
    type: z.literal('audio'),
    audio: z.strictObject({ id: z.string().min(1), voice: z.boolean().optional() }),
  }),
  z.object({
    type: z.literal('reaction'),
    reaction: z.object({ message_id: z.string().min(1), emoji: z.string() }),
  }),
])
const message = z
  .object({
    messaging_product: z.literal('whatsapp'),
    recipient_type: z.literal('individual').default('individual'),
    to: z
      .string()
      .regex(/^\+?\d{3,15}$/)
      .optional(),
    recipient: z
      .string()
      .regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/)
      .optional(),
    context: z.object({ message_id: z.string().min(1) }).optional(),
    biz_opaque_callback_data: z.string().max(512).optional(),
  })
  .refine(({ to, recipient }) => to || recipient, { path: ['to'] })
  .and(kinds)
type Message = z.infer<typeof message>

export function send(request: Request, response: Response, desk: CarrierDesk): Promise<void> {
  const parsed = message.safeParse(request.body)
  const read = parsed.success ? toRequest(parsed.data, desk) : notUnderstood(parsed.error)
  const wire: SendWire = {
    parse: () => read,
    taken: ({ id }) => taken(id, parsed.data),
    refused: (refusal) => {
      if (read.kind === 'refused' || !isLateRefusal(refusal, read.request)) return refused(refusal)
      const id = newId(read.request.to)
      response.once('finish', () => void failLater(id, read.request, desk))
      return taken(id, parsed.data)
    },
  }
  return desk.carry(request, response, wire)
}

function notUnderstood({ issues }: z.ZodError): ReturnType<SendWire['parse']> {
  const fields = [...new Set(issues.map(({ path }) => path.join('.') || 'body'))]
  return { kind: 'refused', answer: invalidParameter(`Missing or not understood: ${fields.join(', ')}`) }
}

/**
 * The company says most of its refusals by webhook only. So does this one for a window that is shut: the answer is 200, and
 * then the message has failed. Only the number that is there to try it out, +1 500 555 0013, is refused at once.
 */
function isLateRefusal({ code }: Refusal, { to }: SendRequest): boolean {
  return code === 'outside-window' && to !== '+15005550013'
}

async function failLater(id: string, request: SendRequest, { account, senders }: CarrierDesk): Promise<void> {
  const { from, to, correlation = '', template } = request
  const callbackUrl = senders.find(({ address }) => address === from)?.inboundUrl ?? ''
  const told = { status: 'failed', at: new Date().toISOString(), code: 'outside-window' } as const
  const call = statusCall({ id, from, to, correlation, callbackUrl, template }, told, account, 'right')
  if (!call) return
  const { url, headers, body } = call
  // A clinic that is away at this moment does not hear of it; the messages that were carried are told again.
  await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
}

function toRequest(given: Message, desk: CarrierDesk): ReturnType<SendWire['parse']> {
  const to = given.to ? `+${digits(given.to)}` : (given.recipient ?? '')
  const route: SendRequest = {
    ...{ id: newId(to), channel: 'whatsapp', to },
    from: desk.senders.find(({ channel }) => channel === 'whatsapp')?.address ?? '',
    text: '',
    ...(given.context && { replyTo: given.context.message_id }),
    ...(given.biz_opaque_callback_data && { correlation: given.biz_opaque_callback_data }),
  }
  const as = (said: Partial<SendRequest>) => ({ kind: 'request', request: { ...route, ...said } }) as const
  switch (given.type) {
    case 'text':
      return as({ text: given.text.body })
    case 'template':
      return asTemplate(given.template, desk, as)
    case 'reaction':
      return as({ reaction: { emoji: given.reaction.emoji, toMessage: given.reaction.message_id } })
    case 'document':
      return asFile(given.document, desk, as)
    case 'image':
      return asFile(given.image, desk, as)
    case 'video':
      return asFile(given.video, desk, as)
    case 'audio':
      return asFile(given.audio, desk, as)
  }
}

type As = (said: Partial<SendRequest>) => ReturnType<SendWire['parse']>

function asTemplate(
  { name, language: { code: language }, components }: Extract<Message, { type: 'template' }>['template'],
  { templates }: CarrierDesk,
  as: As,
): ReturnType<SendWire['parse']> {
  const template = templates.find({ name, language })
  const values = components.flatMap(({ parameters }) => parameters.map(({ text }) => text))
  if (template?.status !== 'approved') {
    const title = 'Template name does not exist in the translation'
    return { kind: 'refused', answer: graphError({ status: 404, code: 132001, title }) }
  }
  if (values.length !== countPlaces(template.body)) {
    const title = 'Number of parameters does not match the expected number of params'
    return { kind: 'refused', answer: graphError({ status: 400, code: 132000, title }) }
  }
  return as({ template: { name, language, values } })
}

function asFile(
  { id, caption = '', filename }: { id: string; caption?: string; filename?: string },
  { files }: CarrierDesk,
  as: As,
): ReturnType<SendWire['parse']> {
  const file = carriedFile(files, id)
  if (!file) {
    const title = 'Parameter value is not valid'
    return { kind: 'refused', answer: graphError({ status: 400, code: 131009, title }) }
  }
  return as({ text: caption, file: { ...file, ...(filename && { name: filename }) } })
}

/** `message_status` comes with templates only. */
function taken(id: string, given: Message | undefined): WireAnswer {
  const contact = given?.to
    ? { input: given.to, wa_id: digits(given.to) }
    : { input: given?.recipient, user_id: given?.recipient }
  const status = given?.type === 'template' && { message_status: 'accepted' }
  return {
    status: 200,
    body: { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id, ...status }] },
  }
}

/** As the company makes them: the patient's number stands in it, for whoever decodes it. */
export function newId(patient = `1${randomInt(1e9, 1e10)}`): string {
  const number = digits(patient)
  const token = randomBytes(10).toString('hex').toUpperCase()
  const bytes = Buffer.concat([
    ...[Buffer.of(0x1c, 0x18, number.length), Buffer.from(number), Buffer.of(0x15, 0x02, 0x00, 0x11, 0x18)],
    ...[Buffer.of(token.length), Buffer.from(token), Buffer.of(0x00)],
  ])
  return `wamid.${bytes.toString('base64')}`
}
