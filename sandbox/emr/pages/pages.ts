/**
 * The EMR's own screens, rendered on the server: schedule, patients, chart. Every form is posted and answered with 303 back to the
 * chart. Writes go through the repository, so that Subscriptions fire as for anybody else's.
 */
import { fileURLToPath } from 'node:url'
import { type NextFunction, type Request, type Response, Router } from 'express'
import type { CdsClient } from '../cds/cds-client.ts'
import { full } from '../likes/full.ts'
import type { Like } from '../likes/like.ts'
import type { Repository } from '../repository.ts'
import { createCardRoutes } from './cds-routes.ts'
import { createChartRoutes, type Launcher } from './chart-routes.ts'
import { html } from './html.ts'
import { type Frame, page } from './layout.ts'
import { PageError } from './page-error.ts'
import { patientsContent } from './patients-page.ts'
import { scheduleContent } from './schedule-page.ts'
import { addDays, isDate } from './wall-clock.ts'

export interface PagesParts {
  repository: Repository
  /** undefined: this host launches no apps. */
  smart: Launcher | undefined
  cds: Pick<CdsClient, 'ask'>
  /** What this host has, and so shows; everything when not given. */
  like?: Like
  qasidUrl: string
  phonesUrl?: string
  now?: () => number
}

export function createPages(parts: PagesParts): Router {
  const { repository, now = Date.now, like = full } = parts
  const links = { qasidUrl: parts.qasidUrl, phonesUrl: parts.phonesUrl ?? 'http://localhost:8082' }
  const show = (frame: Omit<Frame, 'links'>) => page({ ...frame, links })
  const today = () => new Date(now()).toISOString().slice(0, 10)
  const router = Router()

  for (const name of [
    'frame.css',
    'forms.css',
    'chart.css',
    'refresh-chart.js',
    'cds-cards.css',
    'cds-cards.js',
  ]) {
    router.get(`/${name}`, (_request, response) => {
      response.sendFile(fileURLToPath(new URL(name, import.meta.url)))
    })
  }
  router.get('/', async (request, response) => {
    const asked = String(request.query.date ?? '')
    const date = isDate(asked) ? asked : today()
    const [locations, visits] = await Promise.all([
      repository.search('Location', { _sort: 'name' }),
      // A day begins in the easternmost zone 14 hours before UTC's and ends in the westernmost 12 hours after.
      repository.search('Appointment', { date: [`ge${addDays(date, -1)}`, `lt${addDays(date, 2)}`] }),
    ])
    const content = scheduleContent({ date, today: today(), locations, visits })
    response.type('html').send(show({ title: 'Schedule', current: 'schedule', content }))
  })
  router.get('/patients', async (request, response) => {
    const query = String(request.query.q ?? '')
    const content = patientsContent(await repository.search('Patient'), query, today())
    response.type('html').send(show({ title: 'Patients', current: 'patients', content }))
  })
  router.use('/patients', createCardRoutes(parts))
  router.use('/patients', createChartRoutes({ ...parts, like, now, show }))
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof PageError)) {
      next(error)
      return
    }
    const content = html`<section class="card plain"><h1>That did not work</h1><p>${error.message}</p>
      <p><a class="button" href="/patients">All patients</a></p></section>`
    response
      .status(error.status)
      .type('html')
      .send(show({ title: 'That did not work', content }))
  })
  return router
}
