/** The phones: their pages for people, their API for tests and scripts. */
import express, { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { Carrier } from './carrier.ts'
import { refuse } from './carrier-routes.ts'
import { handsetPage } from './handset-page.ts'
import { handsetsPage } from './handsets-page.ts'
import type { Ledger, PhoneMessage } from './ledger.ts'
import type { Links } from './page-frame.ts'
import { readAddress } from './phone-address.ts'
import { phoneChannels } from './send-request.ts'

interface PhoneParts {
  ledger: Ledger
  carrier: Carrier
  links: Links
}

/** A page stays readable after a campaign; older phones are opened by their address. */
const cardsShown = 100

export function phoneApi({ ledger, carrier }: PhoneParts): Router {
  const router = Router()
  router.use(express.json({ limit: '256kb' }))
  router.get('/:address/messages', (request, response) => {
    const address = addressIn(request, response)
    if (address) response.json(ledger.of(address).map(toView))
  })
  router.post('/:address/replies', (request, response) => {
    const address = addressIn(request, response)
    if (address) takeReply(address, request, response, carrier)
  })
  return router
}

export function phonePages({ ledger, links }: PhoneParts): Router {
  const router = Router()
  const cards = () =>
    ledger
      .handsets()
      .slice(0, cardsShown)
      .map((address) => ({ address, messages: ledger.of(address) }))
  router.get('/', (_request, response) => {
    response.type('html').send(handsetsPage({ cards: cards(), links }))
  })
  router.get('/phones', (request, response) => {
    const typed = String(request.query.address ?? '')
    const address = readAddress(typed)
    if (address) return response.redirect(303, `/phones/${encodeURIComponent(address)}`)
    response
      .status(400)
      .type('html')
      .send(handsetsPage({ cards: cards(), links, notUnderstood: typed }))
  })
  router.get('/phones/:address', (request, response) => {
    const address = readAddress(request.params.address)
    if (!address)
      return response.redirect(303, `/phones?address=${encodeURIComponent(request.params.address)}`)
    const others = ledger.handsets().filter((other) => other !== address)
    const page = { address, messages: ledger.of(address), others: others.slice(0, 12), links }
    response.type('html').send(handsetPage(page))
  })
  return router
}

const replySchema = z.object({
  channel: z.enum(phoneChannels),
  text: z.string().trim().min(1).max(4_096),
  inReplyTo: z.string().optional(),
})

function takeReply(address: string, request: Request, response: Response, carrier: Carrier): Response {
  const reply = replySchema.safeParse(request.body)
  if (!reply.success)
    return refuse(
      response,
      400,
      'malformed',
      `A reply needs a channel (${phoneChannels.join(', ')}) and a text.`,
    )
  if ((reply.data.channel === 'email') !== address.includes('@')) {
    return refuse(response, 400, 'malformed', 'This address cannot write on this channel.')
  }
  const message = carrier.reply(address, reply.data)
  if (!message) return refuse(response, 409, 'unknown-sender', 'The clinic has no address on this channel.')
  return response.status(201).json(toView(message))
}

function addressIn(request: Request<{ address: string }>, response: Response): string | undefined {
  const address = readAddress(request.params.address)
  if (!address)
    refuse(response, 400, 'malformed', 'The address is neither E.164 (with + as %2B) nor a mailbox.')
  return address
}

function toView({ id, channel, from, to, text, subject, at, status }: PhoneMessage) {
  return { id, channel, from, to, text, at, status, ...(subject && { subject }) }
}
