/**
 * The EMR as a client of CDS Hooks 2.0 (https://cds-hooks.hl7.org/2.0/): it signs every call with a key of its own and shows
 * what comes back. A service that is away, slow or odd costs its user nothing but the card.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { Router } from 'express'
import { SignJWT } from 'jose'
import { z } from 'zod'

export interface CdsClientParts {
  /** `http://localhost:8081`; also the `iss` of its tokens. */
  origin: string
  fhirUrl: string
  qasidUrl: string
  now: () => number
}

export interface CdsClient {
  /** Mount at /cds: the public half of its key. */
  router: Router
  /** Cards of every service for this hook. */
  ask(hook: Hook, context: Record<string, unknown>): Promise<CdsCard[]>
}

export type Hook = 'appointment-book' | 'patient-view'

const cdsCard = z.object({
  uuid: z.string().optional(),
  summary: z.string().max(140),
  detail: z.string().optional(),
  indicator: z.enum(['info', 'warning', 'critical']),
  source: z.object({ label: z.string() }),
  links: z
    .array(z.object({ label: z.string(), url: z.url(), type: z.enum(['absolute', 'smart']) }))
    .default([]),
})
export type CdsCard = z.infer<typeof cdsCard>

const answer = z.object({ cards: z.array(cdsCard) })
const discovery = z.object({ services: z.array(z.object({ id: z.string(), hook: z.string() })) })

/** Milliseconds that the user waits; as far as the specification lets a service go. */
const patience = 500
const tokenForSeconds = 60
const alg = 'ES384'

export function createCdsClient({ origin, fhirUrl, qasidUrl, now }: CdsClientParts): CdsClient {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const kid = randomUUID()
  const router = Router()
  router.get('/jwks', (_request, response) => {
    response.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }] })
  })

  const sign = (audience: string) => {
    const seconds = Math.floor(now() / 1_000)
    return new SignJWT()
      .setProtectedHeader({ alg, kid, typ: 'JWT', jku: `${origin}/cds/jwks` })
      .setIssuer(origin)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + tokenForSeconds)
      .sign(privateKey)
  }
  const call = async (service: string, body: object) => {
    const url = `${qasidUrl}/cds-services/${service}`
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await sign(url)}` }
    return answer.parse(await fetchJson(url, { method: 'POST', headers, body: JSON.stringify(body) })).cards
  }

  return {
    router,
    async ask(hook, context) {
      try {
        const { services } = discovery.parse(await fetchJson(`${qasidUrl}/cds-services`))
        const asked = services.filter((service) => service.hook === hook)
        const body = { hook, hookInstance: randomUUID(), fhirServer: fhirUrl, context }
        return (await Promise.all(asked.map(({ id }) => call(id, body)))).flat()
      } catch {
        return []
      }
    },
  }
}

async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}
