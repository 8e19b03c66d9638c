/**
 * A bad day of the EMR, on demand: tests ask for it over HTTP with `sandbox-admin` and /fhir then misbehaves, or where it
 * gives out tokens. `POST /sandbox/faults { answer, at?, for?, match?, type?, after?, retryAfter? }` adds one,
 * `DELETE /sandbox/faults` ends them all, and `GET` tells how many requests `met` one since then.
 */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { z } from 'zod'
import { isAdmin } from './access.ts'

const statuses = ['401', '403', '404', '410', '412', '429', '500', '503'] as const

/**
 * html = a login page in the way; nothing = the connection breaks and nothing is done; lost = the request is carried out, but its
 * answer never arrives; half = it breaks in the middle of the answer; slow = the request is carried out later.
 */
const answers = [...statuses, 'html', 'nothing', 'lost', 'half', 'slow'] as const

const wish = z.object({
  answer: z.enum(answers),
  /** `metadata` is all that a server says of itself, its SMART configuration too. */
  at: z.enum(['fhir', 'metadata', 'token']).default('fhir'),
  /** How many requests it meets; all until it is taken back when not given. */
  for: z.int().min(1).default(Number.MAX_SAFE_INTEGER),
  /** A method or a resource type (`Bundle` for batches and transactions). */
  match: z.string().optional(),
  /** A resource type, whatever the method. */
  type: z.string().optional(),
  /** slow: milliseconds before the request is carried out. */
  after: z.number().min(0).default(20_000),
  /** 429 and 503: the seconds of Retry-After; a 429 says 1 when not told. */
  retryAfter: z.int().min(0).optional(),
})
type Fault = z.infer<typeof wish>

export const tokenPath = '/oauth/token'

export interface Faults {
  /** Mount at /sandbox/faults. */
  routes: Router
  /** Mount before /fhir and /oauth/token. */
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
    const fault = wish.safeParse(request.body).data
    if (!fault) {
      const words = answers.map((one) => `"${one}"`).join(' | ')
      response.status(400).json({ error: `Say { "answer": ${words} }` })
      return
    }
    faults.push(fault)
    response.status(201).json({ answer: fault.answer, match: fault.match, type: fault.type })
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
      const fault = faults.find((one) => meets(one, request))
      if (!fault) return next()
      fault.for -= 1
      met += 1
      faults = faults.filter((one) => one.for > 0)
      misbehave(fault, request, response, next)
    },
  }
}

function placeOf({ baseUrl, path }: Request): Fault['at'] {
  if (baseUrl === tokenPath) return 'token'
  return path === '/metadata' || path.startsWith('/.well-known/') ? 'metadata' : 'fhir'
}

function meets({ at, match, type }: Fault, request: Request): boolean {
  if (at !== placeOf(request)) return false
  const asked = request.path.split('/')[1] || 'Bundle'
  if (type !== undefined && type !== asked) return false
  return match === undefined || match === request.method || match === asked
}

function misbehave(fault: Fault, request: Request, response: Response, next: () => void): void {
  switch (fault.answer) {
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
    case 'half':
      endHalfway(request, response)
      next()
      return
    case 'slow': {
      const timer = setTimeout(next, fault.after)
      request.socket.once('close', () => clearTimeout(timer))
      return
    }
    default:
      sendStatus(fault, response)
  }
}

function sendStatus(
  { answer, retryAfter = answer === '429' ? 1 : undefined }: Fault,
  response: Response,
): void {
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter))
  if (answer === '401') response.set('WWW-Authenticate', 'Bearer')
  response.status(Number(answer)).type('application/fhir+json').send(JSON.stringify(outOfOrder))
}

/** The length that the headers name is that of the whole answer. */
function endHalfway(request: Request, response: Response): void {
  response.end = ((chunk?: string | Uint8Array) => {
    const whole = Buffer.from(chunk ?? '')
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => request.socket.destroy())
    return response
  }) as typeof response.end
}

const outOfOrder = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'transient', details: { text: 'The sandbox was asked to fail' } }],
}
