/** What a test, or somebody who tries things out, orders of the carriers: faults, and what becomes of templates. */
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { hasBearer } from './bearer.ts'
import { type Faults, faultKinds } from './faults.ts'
import { refuse } from './refuse.ts'
import type { TemplateShelf } from './wire.ts'

interface OrderParts {
  token: string
  faults: Faults
  /** One for each company. */
  shelves: readonly TemplateShelf[]
}

export function orderRoutes({ token, faults, shelves }: OrderParts): Router {
  const router = Router()
  const mine = [onlyWith(token), express.json()]
  router.post('/faults', mine, (request: Request, response: Response) =>
    orderFault(request, response, faults),
  )
  router.delete('/faults', mine, (_request: Request, response: Response) => {
    faults.clear()
    response.status(204).end()
  })
  router.post('/templates/:name/judge', mine, (request: Request<{ name: string }>, response: Response) =>
    judgeTemplate(request, response, shelves),
  )
  return router
}

const faultOrder = z.object({
  kind: z.enum(faultKinds),
  for: z.int().positive().optional(),
  wire: z.string().optional(),
  ms: z.int().positive().max(60_000).optional(),
})

function orderFault(request: Request, response: Response, faults: Faults): Response {
  const order = faultOrder.safeParse(request.body)
  if (!order.success)
    return refuse(
      response,
      400,
      'malformed',
      `A fault is {kind, for?, wire?, ms?}; kind is one of ${faultKinds.join(', ')}`,
    )
  faults.order(order.data)
  return response.status(204).end()
}

const judgement = z.object({ decision: z.enum(['approve', 'reject']), because: z.string().optional() })

function judgeTemplate(
  request: Request<{ name: string }>,
  response: Response,
  shelves: readonly TemplateShelf[],
): Response {
  const order = judgement.safeParse(request.body)
  if (!order.success)
    return refuse(
      response,
      400,
      'malformed',
      'A judgement is {decision, because?}; decision is approve or reject',
    )
  const { decision, because } = order.data
  const judged = shelves.flatMap((shelf) => shelf.judge(request.params.name, decision, because))
  if (judged.length === 0) return refuse(response, 404, 'unknown-template', 'No template has this name.')
  return response.json(judged)
}

function onlyWith(token: string) {
  return (request: Request, response: Response, next: NextFunction) => {
    if (hasBearer(request, token)) return next()
    refuse(response, 401, 'unauthorized', 'The token is missing or wrong.')
  }
}
