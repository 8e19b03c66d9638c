/** Routes below `/patients/{id}`: the chart, the launch of Messages, and booking, moving, cancelling a visit. */
import { type Request, Router, urlencoded } from 'express'
import type { Appointment, Patient } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Like } from '../likes/like.ts'
import type { Repository, Stored } from '../repository.ts'
import type { LaunchableApp } from '../smart/smart-server.ts'
import type { Frame } from './layout.ts'
import { PageError } from './page-error.ts'
import { type Chart, patientContent } from './patient-page.ts'
import { displayName } from './person.ts'
import { actorOf, bookVisit, cancelVisit, idOf, isOpen, moveVisit, patientsOf } from './visit.ts'
import { fromWallClock, zoneOf } from './wall-clock.ts'

/** What launching an app needs of the SMART server. */
export interface Launcher {
  /** The app's `iss`. */
  fhirUrl: string
  mintLaunch(context: { patient: string; practitioner: string }): string
  /** Those that the chart can open, the usual one first. */
  apps(): LaunchableApp[]
}

export interface ChartRouteParts {
  repository: Repository
  smart: Launcher | undefined
  like: Like
  now: () => number
  show: (frame: Omit<Frame, 'links'>) => string
}

const notices: Record<string, string> = {
  booked: 'The visit is booked.',
  moved: 'The visit is moved.',
  cancelled: 'The visit is cancelled.',
}

const when = { date: z.iso.date(), time: z.string().regex(/^\d\d:\d\d$/) }
const bookingForm = z.object({
  ...when,
  location: z.string().min(1),
  practitioner: z.string().min(1),
  service: z.string().min(1).max(80),
})
const moveForm = z.object(when)
const cancelForm = z.object({ reason: z.enum(['pat', 'prov']) })

export function createChartRoutes(parts: ChartRouteParts): Router {
  const { repository } = parts
  const router = Router()

  router.get('/:id', async (request, response) => {
    const chart = await readChart(repository, request.params.id)
    const [locations, practitioners] = await Promise.all([
      repository.search('Location', { _sort: 'name' }),
      repository.search('Practitioner'),
    ])
    const notice = notices[String(request.query.done ?? '')]
    const { smart, like } = parts
    const shown = { chart, locations, practitioners, now: parts.now(), notice, like, apps: smart?.apps() }
    const content = patientContent(shown)
    const title = displayName(chart.patient)
    response.type('html').send(parts.show({ title, current: 'patients', content }))
  })

  router.get('/:id/launch', async (request, response) => {
    const patient = await readPatient(repository, request.params.id)
    const practitioner = await readPractitioner(repository, String(request.query.practitioner ?? ''))
    const { smart, url } = chooseApp(parts.smart, request)
    const launch = smart.mintLaunch({ patient: patient.id, practitioner: practitioner.id })
    url.searchParams.set('iss', smart.fhirUrl)
    url.searchParams.set('launch', launch)
    response.redirect(303, url.href)
  })

  addVisitForms(router, parts)
  return router
}

/** The first one when none is named, so that a bare link opens Messages too. */
function chooseApp(smart: Launcher | undefined, { query }: Request): { smart: Launcher; url: URL } {
  const apps = smart?.apps() ?? []
  const app = query.app === undefined ? apps[0] : apps.find(({ clientId }) => clientId === query.app)
  if (!smart || !app) throw new PageError(404, 'This EMR has no such app to open.')
  return { smart, url: new URL(app.launchUrl) }
}

function addVisitForms(router: Router, { repository, like }: ChartRouteParts): void {
  const form = urlencoded({ extended: false })

  router.post('/:id/visits', form, async (request, response) => {
    const patient = await readPatient(repository, request.params.id)
    const booking = parseForm(bookingForm, request)
    const practitioner = await readPractitioner(repository, booking.practitioner)
    const location = await repository.read('Location', booking.location)
    if (!location) throw new PageError(404, 'This location is not known.')
    const start = startOf(booking, zoneOf(location))
    const { service } = booking
    const visit = bookVisit({ patient, practitioner, location, start, service, status: like.bookedAs })
    await repository.create(visit)
    response.redirect(303, `/patients/${patient.id}?done=booked`)
  })

  router.post('/:id/visits/:visitId/move', form, async (request, response) => {
    const visit = await readOpenVisit(repository, request.params)
    const place = idOf(actorOf(visit, 'Location')?.reference)
    const zone = zoneOf(place ? await repository.read('Location', place) : undefined)
    await repository.update(moveVisit(visit, startOf(parseForm(moveForm, request), zone)))
    response.redirect(303, `/patients/${request.params.id}?done=moved#visit-${visit.id}`)
  })

  router.post('/:id/visits/:visitId/cancel', form, async (request, response) => {
    const visit = await readOpenVisit(repository, request.params)
    await repository.update(cancelVisit(visit, parseForm(cancelForm, request).reason))
    response.redirect(303, `/patients/${request.params.id}?done=cancelled#visit-${visit.id}`)
  })
}

async function readChart(repository: Repository, id: string): Promise<Chart> {
  const patient = await readPatient(repository, id)
  const reference = `Patient/${id}`
  const [visits, consents, responses, tasks] = await Promise.all([
    repository.search('Appointment', { actor: reference, _sort: 'date' }),
    repository.search('Consent', { patient: reference, _sort: '-_lastUpdated' }),
    repository.search('AppointmentResponse', { actor: reference, _sort: '-_lastUpdated' }),
    repository.search('Task', { patient: reference, _sort: '-_lastUpdated' }),
  ])
  return { patient, visits, consents, responses, tasks }
}

async function readPatient(repository: Repository, id: string): Promise<Stored<Patient>> {
  const patient = await repository.read('Patient', id)
  if (!patient) throw new PageError(404, 'This patient is not in the clinic.')
  return patient
}

/** The first one when none is named, so that a bare link opens Messages too. */
async function readPractitioner(repository: Repository, id: string) {
  const practitioner = id
    ? await repository.read('Practitioner', id)
    : (await repository.search('Practitioner'))[0]
  if (!practitioner) throw new PageError(404, 'This practitioner is not known.')
  return practitioner
}

async function readOpenVisit(
  repository: Repository,
  { id, visitId }: { id: string; visitId: string },
): Promise<Stored<Appointment>> {
  const visit = await repository.read('Appointment', visitId)
  const isTheirs = visit && patientsOf(visit).some(({ actor }) => idOf(actor?.reference) === id)
  if (!visit || !isTheirs) throw new PageError(404, 'This visit is not in the chart.')
  if (!isOpen(visit)) throw new PageError(409, 'This visit is over or cancelled and cannot be changed.')
  return visit
}

function parseForm<T>(schema: z.ZodType<T>, request: Request<Record<string, string>>): T {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) throw new PageError(400, 'The form is not complete. Please go back and fill it in.')
  return parsed.data
}

function startOf({ date, time }: { date: string; time: string }, zone: string): Temporal.ZonedDateTime {
  const start = fromWallClock(date, time, zone)
  if (!start)
    throw new PageError(400, `The clocks in ${zone} skip ${time} on ${date}. Please choose another time.`)
  return start
}
