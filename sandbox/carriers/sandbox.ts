/**
 * The sandbox's own carrier, a company of no other name: JSON with a bearer token, refusals as `{ code, message }`,
 * webhooks signed with an HMAC over their bytes. What it knows is what the phones know.
 */
import { createHmac } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { hasBearer } from '../phones/bearer.ts'
import { carriedFile } from '../phones/file-shelf.ts'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { Refusal, Sender } from '../phones/recipient-rules.ts'
import { refuse } from '../phones/refuse.ts'
import { type CarriedFile, phoneChannels, priceOf } from '../phones/send-request.ts'
import type { CarrierDesk, SendWire, Signing, Told, Wire, WireAnswer, WireCall } from '../phones/wire.ts'

const message = z
  .object({
    channel: z.enum(phoneChannels),
    from: z.string().min(1),
    to: z.string().min(1),
    text: z.string().max(65_536).default(''),
    subject: z.string().optional(),
    file: z.object({ url: z.url(), contentType: z.string(), name: z.string().optional() }).optional(),
    reaction: z.object({ emoji: z.string(), toMessage: z.string().min(1) }).optional(),
    replyTo: z.string().min(1).optional(),
    correlation: z.string().min(1),
    callbackUrl: z.url({ protocol: /^https?$/ }),
  })
  .refine(({ text, file, reaction }) => text || file || reaction, { path: ['text'] })

function routes(desk: CarrierDesk): Router {
  const router = Router()
  router.use(onlyWith(desk.account.token ?? ''))
  router.use(express.json({ limit: '256kb' }))
  router.post('/messages', (request, response) => send(request, response, desk))
  router.get('/messages', (request, response) => list(request, response, desk))
  router.delete('/messages/:id/content', (request, response) => forget(request, response, desk))
  router.get('/account', (request, response) => tellOfSender(request, response, desk))
  router.get('/files/:id', (request, response) => handOver(request, response, desk))
  return router
}

async function send(request: Request, response: Response, desk: CarrierDesk): Promise<void> {
  const parsed = message.safeParse(request.body)
  const file = parsed.data?.file && (await fetchFile(parsed.data.file, desk))
  const wire: SendWire = {
    parse: () => {
      if (!parsed.success) return { kind: 'refused', answer: notUnderstood(parsed.error) }
      if (parsed.data.file && !file) return { kind: 'refused', answer: noFile }
      return { kind: 'request', request: { ...parsed.data, file } }
    },
    taken: (taken) => ({ status: 201, body: { id: taken.id, status: 'queued', ...priceOf(taken) } }),
    refused,
  }
  return desk.carry(request, response, wire)
}

/** The name and type that the clinic gives are what the patient sees. */
async function fetchFile(
  { url, ...given }: { url: string; contentType: string; name?: string },
  { files }: CarrierDesk,
): Promise<CarriedFile | undefined> {
  const id = await files.fetch(url)
  const file = id && carriedFile(files, id)
  return file ? { ...file, ...given } : undefined
}

function notUnderstood({ issues }: z.ZodError): WireAnswer {
  const fields = [...new Set(issues.map(({ path }) => path.join('.') || 'body'))]
  return {
    status: 400,
    body: { code: 'malformed', message: `Missing or not understood: ${fields.join(', ')}` },
  }
}

const noFile: WireAnswer = {
  status: 400,
  body: { code: 'file-unavailable', message: 'The file could not be fetched.' },
}

function refused({ status, code, message, retryAfter }: Refusal): WireAnswer {
  // A fault of a company's is rarely told in its own words.
  if (code === 'fault')
    return {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<h1>Internal Server Error</h1>',
    }
  return {
    status,
    ...(retryAfter && { headers: { 'retry-after': String(retryAfter) } }),
    body: { code, message },
  }
}

function list({ query }: Request, response: Response, desk: CarrierDesk): void {
  const correlation = query.correlation === undefined ? undefined : String(query.correlation)
  const found = desk.find({ correlation })
  response.json(found.map(({ id, status, at, correlation }) => ({ id, status, at, correlation })))
}

/** What the message says, and its file; that it was, stays. */
function forget({ params }: Request<{ id: string }>, response: Response, desk: CarrierDesk): unknown {
  if (!desk.redact(params.id)) return refuse(response, 404, 'gone', 'There is no such message.')
  return response.status(204).end()
}

function tellOfSender({ query }: Request, response: Response, { senders }: CarrierDesk): unknown {
  const sender = senders.find(({ address }) => address === query.sender)
  if (!sender) return refuse(response, 403, 'unknown-sender', 'This account has no such sender.')
  return response.json({ sender: sender.address, status: 'active' })
}

function handOver(request: Request<{ id: string }>, response: Response, { files }: CarrierDesk): unknown {
  const file = files.get(request.params.id)
  if (!file) return refuse(response, 404, 'gone', 'There is no such file.')
  return response.set({ 'content-type': file.contentType }).send(Buffer.from(file.bytes))
}

function onlyWith(token: string) {
  return (request: Request, response: Response, next: NextFunction) => {
    if (hasBearer(request, token)) return next()
    refuse(response, 401, 'unauthorized', 'The token is missing or wrong.')
  }
}

function statusCall(
  { id, correlation, callbackUrl }: ToPatient,
  told: Told,
  { webhookSecret = '' }: CarrierDesk['account'],
  signing: Signing,
): WireCall {
  return signed(callbackUrl, { type: 'status', id, correlation, ...told }, webhookSecret, signing)
}

function inboundCall(
  { id, channel, from, to, text, at, inReplyTo, file, reaction }: ToClinic,
  { inboundUrl }: Sender,
  { webhookSecret = '' }: CarrierDesk['account'],
  signing: Signing,
): WireCall {
  const event = {
    ...{ type: 'message', id, channel, from, to, text, at },
    ...(inReplyTo && { inReplyTo }),
    ...(file && { file }),
    ...(reaction && { reaction }),
  }
  return signed(inboundUrl, event, webhookSecret, signing)
}

function signed(url: string, event: object, secret: string, signing: Signing): WireCall {
  const body = JSON.stringify(event)
  const key = signing === 'wrong' ? `not ${secret}` : secret
  const signature = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
  return {
    ...{ url, body },
    headers: {
      'content-type': 'application/json',
      ...(signing !== 'none' && { 'x-mock-signature': signature }),
    },
  }
}

export const sandbox: Wire = { id: 'sandbox', mount: '/carrier', routes, statusCall, inboundCall }
