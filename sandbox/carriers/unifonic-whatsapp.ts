/**
 * The WhatsApp half of Unifonic on the wire: the Conversation API as far as its pages tell it. Its error bodies, and how it
 * lists templates, are not public: they are guessed here as they are in the provider.
 */
import { randomUUID } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { carriedFile } from '../phones/file-shelf.ts'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { CarriedFile, SendRequest } from '../phones/send-request.ts'
import type { Account, CarrierDesk, SendWire, Told, WireAnswer, WireCall } from '../phones/wire.ts'

export function conversationRoutes(desk: CarrierDesk): Router {
  const router = Router()
  router.use('/v1', onlyWith(desk.account), express.json({ limit: '256kb' }))
  router.post('/v1/messages', (request, response) => send(request, response, desk))
  router.get('/v1/whatsapp/message_templates', (_request, response) => list(response, desk))
  // What an admin does in the console, for tests and demos: the company itself has a page for it.
  router.post('/console/templates', onlyWith(desk.account), express.json(), (request, response) => {
    response.status(201).json(desk.templates.submit(request.body))
  })
  return router
}

const content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().min(1).max(4_096) }),
  z.object({ type: z.enum(['document', 'image']), url: z.url(), caption: z.string().max(1_024).optional() }),
  z.object({
    type: z.literal('template'),
    name: z.string().min(1),
    language: z.object({ code: z.string().min(2) }),
    components: z
      .array(
        z.object({
          type: z.literal('body'),
          parameters: z.array(z.object({ type: z.literal('text'), text: z.string().min(1) })).min(1),
        }),
      )
      .default([]),
  }),
])
type Content = z.infer<typeof content>
const message = z.object({
  recipient: z.object({ contact: z.string().regex(/^\+\d{5,15}$/), channel: z.literal('whatsapp') }),
  content,
})

async function send(request: Request, response: Response, desk: CarrierDesk): Promise<void> {
  const parsed = message.safeParse(request.body)
  const said = parsed.success ? await toSaid(parsed.data.content, desk) : undefined
  const from = desk.senders.find(({ channel }) => channel === 'whatsapp')?.address
  const wire: SendWire = {
    parse: () => {
      if (!parsed.success || !said || !from) return { kind: 'refused', answer: refusal(400) }
      const route = { channel: 'whatsapp' as const, from, to: parsed.data.recipient.contact }
      // It keeps no correlation; the sandbox does, so that a test can tell attempts apart.
      return { kind: 'request', request: { ...route, ...said, correlation: request.get('x-correlation-id') } }
    },
    taken: ({ id }) => ({ status: 200, body: { messageId: id } }),
    refused: ({ status, retryAfter }) => ({
      ...refusal(status === 403 ? 400 : status),
      ...(retryAfter && { headers: { 'retry-after': String(retryAfter) } }),
    }),
  }
  return desk.carry(request, response, wire)
}

/** `undefined` for what it refuses: a file it cannot get, a template that is not approved or lacks values. */
async function toSaid(
  given: Content,
  desk: CarrierDesk,
): Promise<Pick<SendRequest, 'text' | 'template' | 'file'> | undefined> {
  switch (given.type) {
    case 'text':
      return { text: given.text }
    case 'template': {
      const language = given.language.code
      const approved = desk.templates.find({ name: given.name, language })
      const values = given.components.flatMap(({ parameters }) => parameters.map(({ text }) => text))
      const gaps = new Set(approved?.body.match(/\{\{\d+\}\}/g))
      if (approved?.status !== 'approved' || gaps.size !== values.length) return undefined
      return { text: '', template: { name: given.name, language, values } }
    }
    default: {
      const file = await fetchFile(given.url, desk)
      return file && { text: given.caption ?? '', file }
    }
  }
}

async function fetchFile(url: string, { files }: CarrierDesk): Promise<CarriedFile | undefined> {
  const id = await files.fetch(url)
  return id === undefined ? undefined : carriedFile(files, id)
}

const approvals = { pending: 'PENDING', approved: 'APPROVED', rejected: 'REJECTED' }

function list(response: Response, { templates }: CarrierDesk): void {
  const listed = templates.all().map(({ id, name, language, category, status, because }) => ({
    ...{ id, name, language, category, status: approvals[status] },
    ...(status === 'rejected' && { rejected_reason: because ?? 'INVALID_FORMAT' }),
  }))
  response.json(listed)
}

function onlyWith({ publicId, secret }: Account) {
  return (request: Request, response: Response, next: NextFunction) => {
    if (secret && request.get('publicid') === publicId && request.get('secret') === secret) return next()
    const { status, body } = refusal(401)
    response.status(status).json(body)
  }
}

function refusal(status: number): WireAnswer {
  return { status, body: { message: 'The request was refused.' } }
}

const eventTypes: Record<Told['status'], string> = {
  queued: 'message.sent_successfully_to_provider',
  sent: 'message.sent',
  delivered: 'message.delivered',
  read: 'message.read',
  undelivered: 'message.failed',
  failed: 'message.failed',
}

export function conversationStatus(url: string, { id, to }: ToPatient, told: Told): WireCall {
  const recipient = { channel: 'whatsapp', contact: to }
  return event(url, { messageId: id, eventType: eventTypes[told.status], recipient, timestamp: told.at })
}

/** It says who wrote, not to which number. */
export function received(url: string, { id, from, text, file, inReplyTo, at }: ToClinic): WireCall {
  const content = file ? { type: 'file', ...(text && { text }) } : { type: 'text', text }
  return event(url, {
    ...{ messageId: id, eventType: 'message.received', timestamp: at, content },
    ...(inReplyTo && { parentMessageId: inReplyTo }),
    sender: { channel: 'whatsapp', contact: from, name: 'Sara' },
  })
}

function event(url: string, told: object): WireCall {
  const ids = {
    eventId: randomUUID(),
    applicationId: 'sample-application',
    conversationId: 'sample-conversation',
  }
  const body = JSON.stringify({ ...ids, ...told, receivedAt: new Date().toISOString() })
  return { url, headers: { 'content-type': 'application/json' }, body }
}
