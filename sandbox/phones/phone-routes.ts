/** The phones: their pages for people, their API for tests and scripts. */
import express, { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { Carrier } from './carrier.ts'
import { carriedFile } from './file-shelf.ts'
import { handsetPage } from './handset-page.ts'
import { handsetsPage } from './handsets-page.ts'
import type { Ledger } from './ledger.ts'
import type { Links } from './page-frame.ts'
import { readAddress } from './phone-address.ts'
import { toPhoneView } from './phone-view.ts'
import { refuse } from './refuse.ts'
import { phoneChannels } from './send-request.ts'
import type { FileShelf } from './wire.ts'

interface PhoneParts {
  ledger: Ledger
  carrier: Carrier
  files: FileShelf
  links: Links
}

/** A page stays readable after a campaign; older phones are opened by their address. */
const cardsShown = 100

/** A file of 16 MB in base64, and a little more. */
const largestReply = '24mb'

export function phoneApi(parts: PhoneParts): Router {
  const router = Router()
  router.use(express.json({ limit: largestReply }))
  router.get('/:address/messages', (request, response) => {
    const address = addressIn(request, response)
    if (address) response.json(parts.ledger.of(address).map(toPhoneView))
  })
  router.post('/:address/replies', (request, response) => {
    const address = addressIn(request, response)
    if (address) takeReply(address, request, response, parts)
  })
  return router
}

export function phonePages({ ledger, files, links }: PhoneParts): Router {
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
  router.get('/files/:id', (request, response) => showFile(request, response, files))
  return router
}

const replySchema = z
  .object({
    channel: z.enum(phoneChannels),
    text: z.string().trim().max(4_096).default(''),
    file: z
      .object({ name: z.string().min(1), contentType: z.string().min(1), base64: z.base64() })
      .optional(),
    reaction: z.object({ emoji: z.string().max(16), toMessage: z.string().min(1) }).optional(),
    inReplyTo: z.string().optional(),
  })
  .refine(({ text, file, reaction }) => text || file || reaction)

function takeReply(
  address: string,
  request: Request,
  response: Response,
  { carrier, files }: PhoneParts,
): Response {
  const parsed = replySchema.safeParse(request.body)
  if (!parsed.success) {
    const needs = `a channel (${phoneChannels.join(', ')}) and a text, a file or a reaction`
    return refuse(response, 400, 'malformed', `A reply needs ${needs}.`)
  }
  const { file, ...reply } = parsed.data
  if ((reply.channel === 'email') !== address.includes('@')) {
    return refuse(response, 400, 'malformed', 'This address cannot write on this channel.')
  }
  const id = file && files.put({ ...file, bytes: Buffer.from(file.base64, 'base64') })
  const said = {
    ...reply,
    // What a reaction says is its emoji.
    text: reply.reaction ? reply.reaction.emoji : reply.text,
    ...(id && { file: carriedFile(files, id) }),
  }
  const message = carrier.reply(address, said)
  if (!message)
    return refuse(response, 409, 'unknown-sender', 'The clinic cannot be answered on this channel.')
  return response.status(201).json(toPhoneView(message))
}

/** Shown where a browser shows it safely; anything else is only handed over. */
function showFile(request: Request<{ id: string }>, response: Response, files: FileShelf): unknown {
  const file = files.get(request.params.id)
  if (!file) return refuse(response, 404, 'gone', 'There is no such file.')
  const isShown = /^(image\/(png|jpeg|gif|webp)|audio\/|video\/|application\/pdf)/.test(file.contentType)
  response.set({
    'content-type': file.contentType,
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name ?? 'file')}`,
  })
  return response.send(Buffer.from(file.bytes))
}

function addressIn(request: Request<{ address: string }>, response: Response): string | undefined {
  const address = readAddress(request.params.address)
  if (!address)
    refuse(response, 400, 'malformed', 'The address is neither E.164 (with + as %2B) nor a mailbox.')
  return address
}
