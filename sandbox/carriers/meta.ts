/**
 * Meta's WhatsApp Cloud API as the clinic meets it: JSON with a bearer token under `/{version}/{id}`, files uploaded before
 * they are sent, everything that happens later by signed webhook. One number, one business account.
 */
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { hasBearer } from '../phones/bearer.ts'
import type { CarrierStatus } from '../phones/recipient-rules.ts'
import type { CarrierDesk, Wire, WireAnswer } from '../phones/wire.ts'
import { graphError, invalidToken, noSuchObject } from './meta-errors.ts'
import { handOver, takeFile, tellFile } from './meta-files.ts'
import { newId, send } from './meta-messages.ts'
import { listTemplates, pick, submitTemplate } from './meta-templates.ts'
import { inboundCall, statusCall, templateCall } from './meta-webhooks.ts'

/** Versions before these are switched off. */
const livingVersion = /^v2[1-6]\.0$/

type Asked = Request<{ version: string; id: string }>

function routes(desk: CarrierDesk): Router {
  const router = Router()
  const { accessToken = '', phoneNumberId = '', businessAccountId = '' } = desk.account
  router.use((request, response, next) =>
    hasBearer(request, accessToken) ? next() : reply(response, invalidToken),
  )
  router.get('/download/:id', (request, response) => handOver(request, response, desk))
  router.use('/:version', onlyLiving)
  const phone = onlyOf(phoneNumberId)
  const business = onlyOf(businessAccountId)
  router.post('/:version/:id/messages', phone, express.json({ limit: '256kb' }), (request, response) =>
    send(request, response, desk),
  )
  const form = express.raw({ type: 'multipart/form-data', limit: '101mb' })
  router.post('/:version/:id/media', phone, form, async (request, response) =>
    reply(response, await takeFile(request, desk)),
  )
  router.get('/:version/:id/message_history', phone, (request, response) =>
    reply(response, tellHistory(request, desk)),
  )
  router.post('/:version/:id/message_templates', business, express.json(), (request, response) =>
    reply(response, submitTemplate(request, desk)),
  )
  router.get('/:version/:id/message_templates', business, (request, response) =>
    reply(response, listTemplates(request, desk, desk.baseUrl() + request.originalUrl)),
  )
  router.get('/:version/:id', (request, response) =>
    reply(
      response,
      request.params.id === phoneNumberId ? tellNumber(request, desk) : tellFile(request, desk),
    ),
  )
  return router
}

function onlyLiving({ params }: Request<{ version: string }>, response: Response, next: NextFunction) {
  if (livingVersion.test(params.version)) return next()
  reply(response, graphError({ status: 400, code: 2635, title: 'You are calling a deprecated version' }))
}

function onlyOf(id: string) {
  return ({ params }: Asked, response: Response, next: NextFunction) =>
    params.id === id ? next() : reply(response, noSuchObject)
}

function reply(response: Response, { status, headers = {}, body }: WireAnswer): void {
  response.status(status).set(headers).send(body)
}

/** The number as its business has it. */
function tellNumber({ query }: Request, { account, senders }: CarrierDesk): WireAnswer {
  const address = senders.find(({ channel }) => channel === 'whatsapp')?.address ?? ''
  const available = { can_send_message: 'AVAILABLE' }
  const entities = [
    { entity_type: 'PHONE_NUMBER', id: account.phoneNumberId, ...available },
    { entity_type: 'WABA', id: account.businessAccountId, ...available },
  ]
  const whole = {
    id: account.phoneNumberId,
    display_phone_number: address.replace(/^(\+\d)(\d{3})(\d{3})(\d{4})$/, '$1 $2-$3-$4'),
    verified_name: 'Sample Clinic',
    code_verification_status: 'VERIFIED',
    quality_rating: 'GREEN',
    name_status: 'APPROVED',
    throughput: { level: 'STANDARD' },
    health_status: { ...available, entities },
  }
  const usual = 'verified_name,code_verification_status,display_phone_number,quality_rating,throughput'
  return { status: 200, body: pick(whole, String(query.fields ?? usual).split(',')) }
}

const tellings: Partial<Record<CarrierStatus, string>> = {
  sent: 'SENT',
  delivered: 'DELIVERED',
  read: 'READ',
  undelivered: 'FAILED',
  failed: 'FAILED',
}

function tellHistory({ query }: Request, desk: CarrierDesk): WireAnswer {
  const data = desk.find({ id: String(query.message_id) }).map(({ id, status, at }) => {
    const told = tellings[status]
    const event = { delivery_status: told, timestamp: Math.floor(Date.parse(at) / 1_000) }
    return { id: '1', message_id: id, events: { data: told ? [event] : [] } }
  })
  return { status: 200, body: { data } }
}

export const meta: Wire = {
  id: 'meta',
  mindsWindow: true,
  newId,
  routes,
  statusCall,
  inboundCall,
  templateCall,
}
