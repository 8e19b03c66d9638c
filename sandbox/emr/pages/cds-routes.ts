/** What decision support says of a chart, and of a visit while it is booked; pieces of a page, fetched by cds-cards.js. */
import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { CdsClient } from '../cds/cds-client.ts'
import type { Repository } from '../repository.ts'
import { cardList } from './cds-cards.ts'
import { bookVisit } from './visit.ts'
import { fromWallClock, zoneOf } from './wall-clock.ts'

export interface CardRouteParts {
  repository: Repository
  cds: Pick<CdsClient, 'ask'>
  qasidUrl: string
}

/** The booking form, maybe only half filled in. */
const draft = z.object({
  date: z.iso.date(),
  time: z.string().regex(/^\d\d:\d\d$/),
  location: z.string().min(1),
  practitioner: z.string().min(1),
  service: z.string().max(80).default(''),
})

export function createCardRoutes({ repository, cds, qasidUrl }: CardRouteParts): Router {
  const router = Router()
  const show = (response: Response, cards: Awaited<ReturnType<CdsClient['ask']>>, id: string) =>
    response.type('html').send(cardList(cards, `${qasidUrl}/launch`, id).toString())

  router.get('/:id/cards/chart', async (request, response) => {
    const { id } = request.params
    show(response, await cds.ask('patient-view', { patientId: id, userId: userOf(request) }), id)
  })

  router.get('/:id/cards/booking', async (request, response) => {
    const { id } = request.params
    const proposed = await propose(repository, id, request.query)
    const appointments = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: proposed }] }
    const context = { patientId: id, userId: userOf(request), appointments }
    show(response, proposed ? await cds.ask('appointment-book', context) : [], id)
  })
  return router
}

function userOf({ query }: Request<{ id: string }>): string {
  return `Practitioner/${String(query.practitioner ?? 'unknown')}`
}

/** The visit that the form would book, as CDS Hooks wants it: proposed, and in nobody's schedule. */
async function propose(repository: Repository, patientId: string, query: unknown) {
  const form = draft.safeParse(query).data
  if (!form) return undefined
  const [patient, practitioner, location] = await Promise.all([
    repository.read('Patient', patientId),
    repository.read('Practitioner', form.practitioner),
    repository.read('Location', form.location),
  ])
  const start = location && fromWallClock(form.date, form.time, zoneOf(location))
  if (!patient || !practitioner || !location || !start) return undefined
  return bookVisit({ patient, practitioner, location, start, service: form.service, status: 'proposed' })
}
