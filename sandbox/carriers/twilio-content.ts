/** Twilio's Content API: contents are kept here, the carrier's template shelf knows those that were handed in for approval. */
import { randomUUID } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { CarrierDesk } from '../phones/wire.ts'
import { refuse } from './twilio-refusals.ts'

const content = z.object({
  friendly_name: z.string().min(1),
  language: z.string().min(2),
  variables: z.record(z.string().regex(/^\d+$/), z.string().min(1)),
  types: z.object({ 'twilio/text': z.object({ body: z.string().min(1).max(1_024) }) }),
})
type Content = z.infer<typeof content> & { sid: string }

const approval = z.object({
  name: z.string().regex(/^[a-z0-9_]+$/),
  category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']),
})

export function contentRoutes(desk: CarrierDesk): Router {
  const contents = new Map<string, Content>()
  const router = Router()
  router.post('/Content', (request, response) => {
    const given = content.safeParse(request.body)
    if (!given.success) return refuse(response, 400, 20001, 'Invalid parameter.')
    const made = { sid: `HX${randomUUID().replaceAll('-', '')}`, ...given.data }
    contents.set(made.sid, made)
    return response.status(201).json({ ...made, account_sid: desk.account.accountSid })
  })
  router.delete('/Content/:sid', ({ params }, response) => {
    if (!contents.delete(params.sid)) return refuse(response, 404, 20404, 'Not found.')
    return response.status(204).end()
  })
  router.post('/Content/:sid/ApprovalRequests/whatsapp', (request, response) =>
    handIn(request, response, contents, desk),
  )
  router.get('/ContentAndApprovals', (request, response) => list(request, response, contents, desk))
  return router
}

function handIn(
  { params, body }: Request<{ sid: string }>,
  response: Response,
  contents: Map<string, Content>,
  { templates }: CarrierDesk,
): Response {
  const known = contents.get(params.sid)
  if (!known) return refuse(response, 404, 20404, 'Not found.')
  const given = approval.safeParse(body)
  if (!given.success) return refuse(response, 400, 20001, 'Invalid parameter.')
  const { name, category } = given.data
  const { body: wording } = known.types['twilio/text']
  templates.submit({ id: known.sid, name, category, language: known.language, body: wording })
  return response
    .status(201)
    .json({ name, category, content_type: 'twilio/text', status: 'received', rejection_reason: '' })
}

function list(
  { query }: Request,
  response: Response,
  contents: Map<string, Content>,
  desk: CarrierDesk,
): Response {
  const [size, page] = [Number(query.PageSize ?? 50), Number(query.Page ?? 0)]
  const all = [...contents.values()]
  const isLast = (page + 1) * size >= all.length
  const next = `${desk.baseUrl()}/twilio/v1/ContentAndApprovals?PageSize=${size}&Page=${page + 1}`
  return response.json({
    contents: all
      .slice(page * size, (page + 1) * size)
      .map((one) => ({ ...one, approval_requests: approvalOf(one, desk) })),
    meta: { page, page_size: size, key: 'contents', next_page_url: isLast ? null : next },
  })
}

function approvalOf({ sid }: Content, { templates }: CarrierDesk) {
  const template = templates.find({ id: sid })
  if (!template) return { status: 'unsubmitted' }
  const { name, category, status, because = 'INVALID_FORMAT' } = template
  return { name, category, status, rejection_reason: status === 'rejected' ? because : '' }
}
