/** The imitated desk of message templates: checks the wording as the company does, and lists by pages. */
import { randomInt } from 'node:crypto'
import type { Request } from 'express'
import { z } from 'zod'
import type { CarrierDesk, WireAnswer, WireTemplate } from '../phones/wire.ts'
import { graphError, invalidParameter } from './meta-errors.ts'
import { unexplained } from './meta-webhooks.ts'

const submission = z.object({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/),
  category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']),
  parameter_format: z.enum(['POSITIONAL', 'NAMED']).default('POSITIONAL'),
  components: z
    .array(
      z.object({
        type: z.literal('BODY'),
        text: z.string().min(1).max(1_024),
        example: z.object({ body_text: z.array(z.array(z.string().min(1))).length(1) }).optional(),
      }),
    )
    .length(1),
})

export function submitTemplate({ body }: Request, { templates }: CarrierDesk): WireAnswer {
  const parsed = submission.safeParse(body)
  const [component] = parsed.data?.components ?? []
  if (!parsed.success || !component)
    return invalidParameter('name, language, category and one BODY are needed')
  const { name, language, category } = parsed.data
  const { text, example } = component
  if (templates.find({ name, language }))
    return invalidParameter('Content in this language already exists', 2388024)
  if ((example?.body_text[0]?.length ?? 0) !== countPlaces(text))
    return invalidParameter('Message template body lacks an example for each variable', 2388043)
  if (/^\{\{|\}\}$/.test(text.trim()))
    return invalidParameter('Variables cannot be at the start or end of the template', 2388299)
  const id = String(randomInt(10 ** 12, 2 ** 47))
  const template = templates.submit({ id, name, language, category, body: text })
  return { status: 200, body: { id, status: 'PENDING', category: template.category } }
}

/** How many values a wording asks for. */
export function countPlaces(text: string): number {
  return new Set(text.match(/\{\{\d+\}\}/g)).size
}

/** Fields that nobody asked for are not told; a page has its cursor, and `next` where there is more. */
export function listTemplates({ query }: Request, { templates }: CarrierDesk, url: string): WireAnswer {
  const fields = String(query.fields ?? 'id,name').split(',')
  const limit = Number(query.limit ?? 25)
  const from = query.after ? Number(Buffer.from(String(query.after), 'base64url').toString()) : 0
  if (!Number.isInteger(limit) || !Number.isInteger(from) || limit < 1)
    return graphError({ status: 400, code: 100, title: 'Invalid cursor or limit' })
  const all = templates.all()
  const after = Buffer.from(String(from + limit)).toString('base64url')
  const next = new URL(url)
  next.searchParams.set('after', after)
  const data = all.slice(from, from + limit).map((one) => pick(toListed(one), fields))
  const hasMore = from + limit < all.length
  return { status: 200, body: { data, paging: { cursors: { after }, ...(hasMore && { next: next.href }) } } }
}

function toListed({ id, name, language, category, status, because }: WireTemplate) {
  const rejected_reason = status === 'rejected' ? (because ?? unexplained) : 'NONE'
  return { id, name, language, category, status: status.toUpperCase(), rejected_reason }
}

export function pick(whole: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name === 'id' || fields.includes(name)))
}
