/**
 * A bad day of the EMR, on demand: tests ask for it over HTTP with `sandbox-admin` and /fhir then misbehaves.
 * `POST /sandbox/faults { answer, for?, match?, after? }` adds one, `DELETE /sandbox/faults` ends them all, and `GET`
 * tells how many requests `met` one since then.
 */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { isAdmin } from './access.ts'

/** lost = the request is carried out, but its answer never arrives. */
const answers = ['500', '503', 'html', 'nothing', 'lost', 'slow'] as const
type Answer = (typeof answers)[number]

interface Fault {
  answer: Answer
  /** How many more requests it meets. */
  left: number
  /** A method or a resource type (`Bundle` for batches and transactions); undefined = every request. */
  match: string | undefined
  /** slow: milliseconds before the request is carried out. */
  after: number
}

const usuallyAfter = 20_000

export interface Faults {
  /** Mount at /sandbox/faults. */
  routes: Router
  /** Mount before /fhir. */
  strike: RequestHandler
}

export function createFaults(): Faults {
  let faults: Fault[] = []
  let met = 0

  const routes = express.Router()
  routes.use((request, response, next) => {
    if (isAdmin(request.headers.authorization)) next()
    else response.status(401).json({ error: 'Only sandbox-admin may break things' })
  })
  routes.post('/', express.json(), (request, response) => {
    const fault = readFault(request.body)
    if (!fault) {
      response
        .status(400)
        .json({ error: `Say { "answer": ${answers.map((one) => `"${one}"`).join(' | ')} }` })
      return
    }
    faults.push(fault)
    response.status(201).json({ answer: fault.answer, match: fault.match })
  })
  routes.get('/', (_request, response) => {
    response.json({ met })
  })
  routes.delete('/', (_request, response) => {
    faults = []
    met = 0
    response.status(204).end()
  })

  return {
    routes,
    strike(request, response, next) {
      const fault = isOpen(request) ? undefined : faults.find((one) => meets(one, request))
      if (!fault) return next()
      fault.left -= 1
      met += 1
      faults = faults.filter((one) => one.left > 0)
      misbehave(fault, request, response, next)
    },
  }
}

function readFault(body: unknown): Fault | undefined {
  const { answer, for: count, match, after = usuallyAfter } = (body ?? {}) as Record<string, unknown>
  if (!answers.includes(answer as Answer)) return undefined
  if (count !== undefined && (!Number.isInteger(count) || Number(count) < 1)) return undefined
  if (match !== undefined && typeof match !== 'string') return undefined
  if (typeof after !== 'number' || !(after >= 0)) return undefined
  const left = count === undefined ? Number.POSITIVE_INFINITY : Number(count)
  return { answer: answer as Answer, left, match, after }
}

function isOpen(request: Request): boolean {
  return request.path === '/metadata' || request.path.startsWith('/.well-known/')
}

function meets({ match }: Fault, request: Request): boolean {
  return match === undefined || match === request.method || (request.path.split('/')[1] || 'Bundle') === match
}

function misbehave({ answer, after }: Fault, request: Request, response: Response, next: () => void): void {
  switch (answer) {
    case '500':
    case '503':
      response.status(Number(answer)).type('application/fhir+json').send(JSON.stringify(outOfOrder))
      return
    case 'html':
      response.status(200).type('text/html').send('<html><body>Please log in</body></html>')
      return
    case 'nothing':
      request.socket.destroy()
      return
    case 'lost':
      response.end = () => {
        request.socket.destroy()
        return response
      }
      next()
      return
    case 'slow': {
      const timer = setTimeout(next, after)
      request.socket.once('close', () => clearTimeout(timer))
    }
  }
}

const outOfOrder = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'transient', details: { text: 'The sandbox was asked to fail' } }],
}
