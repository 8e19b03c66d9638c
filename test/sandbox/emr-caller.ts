/** Calls a sandbox EMR as `sandbox-admin`, and a receiver of its notifications. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bundle, FhirResource } from 'fhir/r4'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { onTestFinished } from 'vitest'
import { type Emr, type EmrOptions, startEmr } from '../../sandbox/emr/start-emr.ts'

export interface Answer {
  status: number
  headers: Headers
  body: FhirResource & Record<string, unknown>
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

export function createCall(fhirUrl: string, authorization = 'Bearer sandbox-admin'): Call {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(path.startsWith('http') ? path : fhirUrl + path, {
      method,
      headers: { authorization, 'content-type': 'application/fhir+json', ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
  }
}

/** An EMR that ends with the test. */
export async function openEmr(options: Partial<EmrOptions> = {}): Promise<{ emr: Emr; call: Call }> {
  const emr = await startEmr({ port: 0, qasidUrl: 'http://localhost:1', ...options })
  onTestFinished(() => emr.stop())
  return { emr, call: createCall(emr.fhirUrl) }
}

export function idsOf(bundle: unknown): string[] {
  return ((bundle as Bundle).entry ?? []).map(({ resource }) => resource?.id ?? '')
}

export function nextOf(bundle: unknown): string | undefined {
  return (bundle as Bundle).link?.find(({ relation }) => relation === 'next')?.url
}

export interface Notification {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface Receiver {
  url: string
  received: Notification[]
  /** What it answers from now on. */
  answer: number
}

export async function openReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [], answer: 200 }
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const body = (await request.toArray()).join('')
    receiver.received.push({ method, path, headers, body })
    response.writeHead(receiver.answer).end()
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`
  return receiver
}

export interface KeySet {
  url: string
  kid: string
  privateKey: CryptoKey
  /** What stands at the URL from now on. */
  published: JWK[]
}

/** A backend's key, published where the EMR can fetch it. */
export async function openKeySet(): Promise<KeySet> {
  const { privateKey, publicKey } = await generateKeyPair('ES384')
  const kid = 'key-1'
  const published = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES384', use: 'sig' }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: published })))
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    kid,
    privateKey,
    published,
  }
}
