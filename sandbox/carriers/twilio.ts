/**
 * Twilio as its customers see it: forms with Basic auth, records in JSON, refusals with its numbers, webhooks as signed
 * forms; its Content API beside it. Where the real one takes a message first and fails it later (no template outside the
 * window, a file that cannot be fetched), this one refuses at once, so that a test need not wait.
 * Of the account it needs `accountSid`, `authToken` and `baseUrl`, where it is reached itself (`http://localhost:8082/twilio`):
 * media in its webhooks are links. `apiKey` with `apiSecret`, and `messagingServiceSid`, where there are such; `mediaCome:
 * 'late'` where the first question after a file shall come before the file is in its place.
 */
import { randomUUID } from 'node:crypto'
import express, { type Request, type Response, Router } from 'express'
import { carriedFile } from '../phones/file-shelf.ts'
import type { PhoneMessage } from '../phones/ledger.ts'
import { type CarriedFile, priceOf, type SendRequest } from '../phones/send-request.ts'
import type { Account, CarrierDesk, SendWire, Wire } from '../phones/wire.ts'
import { contentRoutes } from './twilio-content.ts'
import { redactionRoutes } from './twilio-redaction.ts'
import { onlyOwn, onlyWithKey, refusal, refuse, refused } from './twilio-refusals.ts'
import { errorCodes, inboundCall, prefixed, statusCall } from './twilio-webhooks.ts'

const accountPath = '/2010-04-01/Accounts/:account'

function routes(desk: CarrierDesk): Router {
  const router = Router()
  const gone = new Set<string>()
  // The signed links behind the account's door: a key that comes with them is refused, as the file store does.
  router.get(['/media/:file', '/store/:file'], (request, response) => {
    if (request.get('authorization')) return refuse(response, 400, 20001, 'Only one key is allowed.')
    const id = String(request.params.file)
    if (gone.has(id)) return refuse(response, 404, 20404, 'Not found.')
    if (request.path.startsWith('/media'))
      return response.redirect(302, `${desk.account.baseUrl}/store/${id}`)
    return handOver(id, response, desk)
  })
  router.use(onlyWithKey(desk.account))
  router.use(express.urlencoded({ extended: false, limit: '256kb' }), express.json())
  router.param('account', onlyOwn(desk.account))
  router.get(`${accountPath}.json`, (_request, response) => {
    response.json({ sid: desk.account.accountSid, status: 'active', type: 'Full' })
  })
  router.post(`${accountPath}/Messages.json`, (request, response) => send(request, response, desk))
  router.get(`${accountPath}/Messages.json`, (request, response) => list(request, response, desk))
  router.get(`${accountPath}/Messages/:sid.json`, (request, response) => {
    const found = desk.holds(String(request.params.sid))
    return found ? response.json(recordOf(found, desk.account)) : refuse(response, 404, 20404, 'Not found.')
  })
  const toRecord = (message: PhoneMessage) => recordOf(message, desk.account)
  router.use(`${accountPath}/Messages`, redactionRoutes(desk, gone, toRecord))
  const askedFor = new Set<string>()
  router.get(`${accountPath}/Messages/:sid/Media/:file`, (request, response) => {
    const id = String(request.params.file)
    const isTooEarly = desk.account.mediaCome === 'late' && !askedFor.has(id)
    askedFor.add(id)
    if (isTooEarly) return refuse(response, 404, 20404, 'Not found.')
    return response.redirect(307, `${desk.account.baseUrl}/media/${id}`)
  })
  router.use('/v1', contentRoutes(desk))
  return router
}

// Send

type Form = Record<string, string | undefined>

async function send(request: Request, response: Response, desk: CarrierDesk): Promise<void> {
  const form: Form = request.body ?? {}
  const file = form.MediaUrl ? await fetchFile(form.MediaUrl, desk) : undefined
  const wire: SendWire = {
    parse: () => {
      const fault = faultIn(form, desk)
      if (fault) return { kind: 'refused', answer: refusal(400, ...fault) }
      if (form.MediaUrl && !file)
        return { kind: 'refused', answer: refusal(400, 21620, 'Invalid media URL.') }
      return { kind: 'request', request: toSendRequest(form, file, desk) }
    },
    taken: (message) => ({ status: 201, body: recordOf(message, desk.account) }),
    refused,
  }
  return desk.carry(request, response, wire)
}

async function fetchFile(url: string, { files }: CarrierDesk): Promise<CarriedFile | undefined> {
  const id = await files.fetch(url)
  return id === undefined ? undefined : carriedFile(files, id)
}

type Fault = [code: number, message: string]

function faultIn(form: Form, desk: CarrierDesk): Fault | undefined {
  const { To, From, MessagingServiceSid, Body = '', MediaUrl, ContentSid, StatusCallback } = form
  if (!To) return [21604, "A 'To' phone number is required."]
  if (!From && !MessagingServiceSid) return [21603, "A 'From' phone number is required."]
  if (MessagingServiceSid && MessagingServiceSid !== desk.account.messagingServiceSid)
    return [21703, 'The Messaging Service does not exist.']
  if (From && channelOf(From) !== channelOf(To)) return [21910, "'From' and 'To' are of different channels."]
  if (StatusCallback && !isCallback(StatusCallback)) return [21609, 'Invalid StatusCallback URL.']
  if (!Body && !MediaUrl && !ContentSid) return [21602, 'Message body is required.']
  if (Body.length > 1_600) return [21617, 'The body exceeds the limit of 1600 characters.']
  return ContentSid ? faultInContent(form, desk) : undefined
}

function faultInContent(
  { ContentSid = '', ContentVariables = '{}' }: Form,
  desk: CarrierDesk,
): Fault | undefined {
  const template = desk.templates.find({ id: ContentSid })
  if (!template) return [21655, 'The ContentSid is invalid.']
  const wanted = new Set(template.body.match(/\{\{\d+\}\}/g)).size
  const values = valuesIn(ContentVariables)
  if (values?.length !== wanted || values.includes('')) return [21656, 'The ContentVariables are invalid.']
  return template.status === 'approved' ? undefined : [63040, 'The template is not approved.']
}

function valuesIn(variables: string): string[] | undefined {
  try {
    const given: Record<string, unknown> = JSON.parse(variables)
    const values = Object.keys(given).map((_, index) => given[String(index + 1)])
    return values.every((value) => typeof value === 'string') ? values : undefined
  } catch {
    return undefined
  }
}

function isCallback(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '') && !URL.parse(url)?.hostname.includes('_')
}

function toSendRequest(form: Form, file: CarriedFile | undefined, desk: CarrierDesk): SendRequest {
  const { To = '', From, Body = '', ContentSid, ContentVariables = '{}' } = form
  const channel = channelOf(To)
  // WhatsApp shows words with pictures and films only; those with anything else are taken, and lost.
  const text = channel === 'whatsapp' && file && !/^(image|video)\//.test(file.contentType) ? '' : Body
  const template = ContentSid ? desk.templates.find({ id: ContentSid }) : undefined
  // A messaging service chooses one of its senders.
  const from = From ? plain(From) : (desk.senders.find((sender) => sender.channel === channel)?.address ?? '')
  return {
    ...{ channel, from, to: plain(To), text },
    ...(template && {
      template: {
        name: template.name,
        language: template.language,
        values: valuesIn(ContentVariables) ?? [],
      },
    }),
    ...(file && { file }),
    ...(form.StatusCallback && { callbackUrl: form.StatusCallback }),
  }
}

function channelOf(address: string): 'sms' | 'whatsapp' {
  return address.startsWith('whatsapp:') ? 'whatsapp' : 'sms'
}

function plain(address: string): string {
  return address.replace('whatsapp:', '')
}

// Records

function list({ query }: Request, response: Response, desk: CarrierDesk): void {
  const address = (given: unknown) => (given === undefined ? undefined : plain(String(given)))
  const found = desk.find({ to: address(query.To), from: address(query.From) })
  const mine = found.filter((one) => query.To === undefined || channelOf(String(query.To)) === one.channel)
  const most = Number(query.PageSize ?? 50)
  response.json({
    messages: mine
      .toReversed()
      .slice(0, most)
      .map((one) => recordOf(one, desk.account)),
    next_page_uri: mine.length > most ? '/2010-04-01/next' : null,
  })
}

function recordOf(message: PhoneMessage, { accountSid, messagingServiceSid }: Account) {
  const { segments, price } = priceOf(message)
  const isOver = !['queued', 'sent'].includes(message.status)
  return {
    ...{ sid: message.id, account_sid: accountSid, messaging_service_sid: messagingServiceSid ?? null },
    ...{ to: prefixed(message.channel, message.to), from: prefixed(message.channel, message.from) },
    ...{ body: message.redacted ? '' : message.text, status: message.status },
    direction: message.direction === 'to-patient' ? 'outbound-api' : 'inbound',
    ...{ num_segments: String(segments), num_media: message.file ? '1' : '0' },
    ...{ price: isOver ? `-${price.amount}` : null, price_unit: isOver ? price.currency : null },
    error_code: message.status === 'undelivered' ? errorCodes['unreachable-handset'] : null,
    ...{ date_created: rfc2822(message.at), date_sent: null, date_updated: rfc2822(message.at) },
    api_version: '2010-04-01',
  }
}

function rfc2822(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000')
}

function handOver(id: string, response: Response, { files }: CarrierDesk): unknown {
  const file = files.get(id)
  if (!file) return refuse(response, 404, 20404, 'Not found.')
  return response.set({ 'content-type': file.contentType }).send(Buffer.from(file.bytes))
}

export const twilio: Wire = {
  id: 'twilio',
  mindsWindow: true,
  newId: () => `SM${randomUUID().replaceAll('-', '')}`,
  ...{ routes, statusCall, inboundCall },
}
