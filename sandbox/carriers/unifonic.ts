/**
 * Unifonic on the wire: SMS as forms that may be refused with HTTP 200, a report about them, and WhatsApp as JSON
 * (`unifonic-whatsapp.ts`). It signs nothing; its webhooks carry the key that the clinic put into their address.
 */
import { randomInt } from 'node:crypto'
import express, { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { Refusal, Sender } from '../phones/recipient-rules.ts'
import { priceOf } from '../phones/send-request.ts'
import type {
  Account,
  CarrierDesk,
  SendWire,
  Signing,
  Told,
  Wire,
  WireAnswer,
  WireCall,
} from '../phones/wire.ts'
import { conversationRoutes, conversationStatus, received } from './unifonic-whatsapp.ts'

/** What the carrier's words are here: the code, and the HTTP status where it is not 200. */
const codes: Record<string, [code: string, status?: number]> = {
  'invalid-recipient': ['ER-02'],
  'not-a-mobile': ['482', 482],
  'recipient-unreachable': ['ER-05'],
  'country-not-allowed': ['481', 481],
  // It knows no opt-outs; whom an operator shields is filtered.
  'opted-out': ['ER-07'],
  'unknown-sender': ['ER-08'],
  'rate-limited': ['429', 429],
  'try-later': ['503', 503],
  fault: ['500', 500],
}

function routes(desk: CarrierDesk): Router {
  const router = Router()
  const form = express.urlencoded({ extended: false, limit: '256kb' })
  router.post('/rest/SMS/messages', form, (request, response) => send(request, response, desk))
  router.post('/rest/SMS/Messages/GetMessagesDetails', form, (request, response) =>
    report(request, response, desk),
  )
  router.use(conversationRoutes(desk))
  return router
}

const message = z.object({
  SenderID: z.string().min(1),
  Recipient: z.string(),
  Body: z.string().max(4_096),
  CorrelationID: z.string().optional(),
  baseEncode: z.enum(['true', 'false']).default('false'),
})

function send(request: Request, response: Response, desk: CarrierDesk): Promise<void> {
  const wire: SendWire = {
    parse: () => parse(request, desk),
    taken,
    refused: ({ code, message, retryAfter }: Refusal) => {
      const [own, status] = codes[code] ?? ['400', 400]
      const wait = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) }
      return { ...refusal(own, message, status), headers: wait }
    },
  }
  return desk.carry(request, response, wire)
}

function parse(request: Request, desk: CarrierDesk): ReturnType<SendWire['parse']> {
  const refused = (answer: WireAnswer) => ({ kind: 'refused' as const, answer })
  const stranger = strangerTo(request, desk.account)
  if (stranger) return refused(stranger)
  const parsed = message.safeParse(request.body)
  if (!parsed.success) return refused(refusal('400', 'A required field is missing.', 400))
  const { SenderID, Recipient, Body, CorrelationID, baseEncode } = parsed.data
  const from = senderOf(SenderID, desk)
  if (!from) return refused(refusal('ER-08', 'Invalid SenderID'))
  if (!/^[1-9]\d*$/.test(Recipient)) return refused(refusal('ER-02', 'Invalid destination number'))
  if (Recipient.length < 7) return refused(refusal('ER-04', 'Dest num is too short'))
  if (Recipient.length > 15) return refused(refusal('ER-03', 'Dest num is too long'))
  const text = baseEncode === 'true' ? Buffer.from(Body, 'base64').toString() : Body
  if (!text.trim()) return refused(refusal('ER-06', 'Invalid or empty message body'))
  const asked = { channel: 'sms' as const, from, to: `+${Recipient}`, text, correlation: CorrelationID }
  return { kind: 'request', request: asked }
}

/** By its number, or by the name that is registered for the account. */
function senderOf(senderId: string, { senders, account }: CarrierDesk): string | undefined {
  const own = senders.filter(({ channel }) => channel === 'sms')
  if (account.senderName && senderId === account.senderName) return own[0]?.address
  return own.find(({ address }) => address === `+${senderId}`)?.address
}

function strangerTo(request: Request, { appSid, basicUser, basicPassword }: Account): WireAnswer | undefined {
  const given: unknown = request.body?.AppSid
  if (!given) return refusal('402', 'AppSid is missing', 402)
  const basic = `Basic ${Buffer.from(`${basicUser}:${basicPassword}`).toString('base64')}`
  const isTrusted = given === appSid && (!basicUser || request.get('authorization') === basic)
  return isTrusted ? undefined : refusal('401', 'Authentication failed', 401)
}

function refusal(errorCode: string, message: string, status = 200): WireAnswer {
  return { status, body: { success: false, message, errorCode, data: {} } }
}

function taken(message: ToPatient): WireAnswer {
  const data = {
    ...described(message),
    CurrencyCode: 'USD',
    Balance: '100.50',
    TimeCreated: wallClock(message.at),
  }
  return { status: 200, body: { success: true, message: '', errorCode: 'ER-00', data } }
}

function described(message: ToPatient) {
  const { segments, price } = priceOf(message)
  const { id, correlation, status, to } = message
  return {
    MessageID: Number(id),
    CorrelationID: correlation,
    Status: words[status].Status,
    NumberOfUnits: segments,
    Cost: Number(price.amount),
    Recipient: to.slice(1),
  }
}

const words: Record<Told['status'], { Status: string; DLR?: string }> = {
  queued: { Status: 'Queued' },
  sent: { Status: 'Sent' },
  delivered: { Status: 'Sent', DLR: 'Delivered' },
  read: { Status: 'Sent', DLR: 'Delivered' },
  undelivered: { Status: 'Sent', DLR: 'Undeliverable' },
  failed: { Status: 'Failed' },
}

/** Of the account's zone, which it does not tell. */
function wallClock(at: string): string {
  return at.replace('T', ' ').replace('Z', '')
}

function report(request: Request, response: Response, desk: CarrierDesk): void {
  const stranger = strangerTo(request, desk.account)
  if (stranger) return void response.status(stranger.status).json(stranger.body)
  const { MessageID: id, CorrelationID: correlation, Limit = '100' } = request.body
  const found = desk.find({ id, correlation }).filter(({ channel }) => channel === 'sms')
  const messages = found.slice(0, Number(Limit)).map((one) => ({
    ...described(one),
    DLR: words[one.status].DLR ?? null,
    MessageBody: one.text,
    SenderID: one.from.slice(1),
    DateCreated: wallClock(one.at),
  }))
  const data = { messages, CurrencyCode: 'USD', TotalTextMessages: found.length, Next: '', Prev: '' }
  response.json({ success: true, message: '', errorCode: 'ER-00', data })
}

/** The fields of its old page: no correlation among them, and nothing of what is only queued. */
function statusCall(
  message: ToPatient,
  told: Told,
  account: Account,
  signing: Signing,
): WireCall | undefined {
  const url = registered(message.callbackUrl, account, signing)
  if (message.channel === 'whatsapp') return conversationStatus(url, message, told)
  if (told.status === 'queued') return undefined
  const { id, to } = message
  const fields = {
    MessageID: id,
    ...words[told.status],
    Recipient: to.slice(1),
    TimeCreated: wallClock(told.at),
  }
  return {
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  }
}

function inboundCall(message: ToClinic, sender: Sender, account: Account, signing: Signing): WireCall {
  const url = new URL(registered(sender.inboundUrl, account, signing))
  url.searchParams.set('number', sender.address)
  return received(url.href, message)
}

/** The webhook's address as the clinic registered it in the console. */
function registered(address: string, { webhookToken = '' }: Account, signing: Signing): string {
  const url = new URL(address)
  if (signing !== 'none')
    url.searchParams.set('key', signing === 'wrong' ? `not-${webhookToken}` : webhookToken)
  return url.href
}

export const unifonic: Wire = {
  id: 'unifonic',
  mindsWindow: true,
  // Its SMS are one way.
  bringsAnswersBy: ['whatsapp'],
  newId: () => `32${randomInt(1e10, 1e11)}`,
  routes,
  statusCall,
  inboundCall,
}
