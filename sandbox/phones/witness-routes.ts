/** What all carriers together took, and were asked to approve, for tests that count. Companies have their own lists. */
import { Router } from 'express'
import type { Ledger, ToPatient } from './ledger.ts'
import { toPhoneView } from './phone-view.ts'
import type { TemplateShelf } from './wire.ts'

export function witnessRoutes(ledger: Ledger, shelves: readonly TemplateShelf[]): Router {
  const router = Router()
  router.get('/ledger', ({ query }, response) => {
    const { attempt } = query
    const all = ledger.outbox()
    response.json(all.map(toView).filter((one) => attempt === undefined || one.attempt === attempt))
  })
  router.get('/templates', (_request, response) => {
    response.json(shelves.flatMap((shelf) => shelf.all()))
  })
  return router
}

/** In the company's correlation field, or in the callback URL of its own; empty where the company keeps neither. */
function attemptIn({ correlation, callbackUrl }: ToPatient): string {
  return correlation || (URL.parse(callbackUrl)?.searchParams.get('attempt') ?? '')
}

function toView(message: ToPatient) {
  return { ...toPhoneView(message), attempt: attemptIn(message) }
}
