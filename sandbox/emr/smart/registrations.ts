/**
 * The registration endpoint, open to all as the sandbox is. `rfc7591`: 201, and the client can be read and removed with its own
 * token (RFC 7592). `openemr`: 200, and the client can be read; only its admins remove one.
 * https://www.rfc-editor.org/rfc/rfc7592
 */
import { randomBytes, randomUUID } from 'node:crypto'
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import type { Client } from './clients.ts'
import { type Dialect, readRegistration } from './registration-request.ts'

interface Registration {
  client: Client
  /** As it was answered, but for the token. */
  told: Record<string, unknown>
  token: string
}

export interface Registrations {
  /** Absolute. */
  endpoint: string
  /** Mount at the origin. */
  router: Router
  clients(): Client[]
}

const paths = {
  rfc7591: { register: '/oauth/register', client: '/oauth/register' },
  openemr: { register: '/oauth2/default/registration', client: '/oauth2/default/client' },
} as const

export interface RegistrationParts {
  origin: string
  dialect: Dialect
  now: () => number
}

export function createRegistrations({ origin, dialect, now }: RegistrationParts): Registrations {
  const kept = new Map<string, Registration>()
  const path = paths[dialect]

  const register = (request: Request, response: Response) => {
    const read = readRegistration(request.body, dialect)
    if (read.kind === 'refused') {
      response.status(400).json({ error: read.error, error_description: read.because })
      return
    }
    const registration = toRegistration(read.client, request.body, dialect, now())
    const { id } = registration.client
    registration.told.registration_client_uri = `${origin}${path.client}/${id}`
    kept.set(id, registration)
    response.status(dialect === 'rfc7591' ? 201 : 200).json(answerOf(registration))
  }

  /** Whoever holds another client's token learns no more than a stranger. */
  const findOwn = (request: Request<{ id: string }>, response: Response): Registration | undefined => {
    const found = kept.get(request.params.id)
    if (found && request.headers.authorization === `Bearer ${found.token}`) return found
    response.set('WWW-Authenticate', 'Bearer').status(401).json({ error: 'invalid_token' })
    return undefined
  }

  const router = Router()
  router.post(path.register, express.json(), answerBadJson, register)
  router.get(`${path.client}/:id`, (request, response) => {
    const own = findOwn(request, response)
    if (own) response.json(answerOf(own))
  })
  if (dialect === 'rfc7591') {
    router.delete(`${path.client}/:id`, (request, response) => {
      if (findOwn(request, response) && kept.delete(request.params.id)) response.status(204).end()
    })
  }
  return {
    endpoint: `${origin}${path.register}`,
    router,
    clients: () => [...kept.values()].map(({ client }) => client),
  }
}

function toRegistration(
  client: Omit<Client, 'id'>,
  sent: Record<string, unknown>,
  dialect: Dialect,
  at: number,
): Registration {
  const id = dialect === 'openemr' ? randomBytes(32).toString('base64url') : randomUUID()
  const { client_secret: _secret, registration_access_token: _token, ...rest } = sent
  const told = {
    ...rest,
    grant_types: client.grants,
    client_id: id,
    client_id_issued_at: Math.floor(at / 1000),
  }
  return { client: { ...client, id }, told, token: randomBytes(32).toString('base64url') }
}

function answerOf({ told, token }: Registration): object {
  return { ...told, registration_access_token: token }
}

const answerBadJson: ErrorRequestHandler = (_error, _request, response, _next) => {
  const because = 'The body is not valid JSON'
  response.status(400).json({ error: 'invalid_client_metadata', error_description: because })
}
