/**
 * The sandbox EMR as one part: a FHIR R4 server with Subscriptions, its SMART server at /oauth and its
 * pages at /, each as far as the host has it that the EMR is like. Without resources and like `hapi` it is an
 * empty store beside another host. Listens on this machine only.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FhirResource } from 'fhir/r4'
import { createEmrApp } from './emr-app.ts'
import { type LikeName, likes } from './likes/index.ts'
import { usualRetryDelays } from './subscription-delivery.ts'

export interface EmrOptions {
  /** 0 = any free one. */
  port: number
  /** Where Qasid is, for launches and for the worker's keys. */
  qasidUrl: string
  /** The host to behave like; `full` when not given. */
  like?: LikeName
  /** What the clinic holds at the start; kept under their own ids. Nobody is notified of them. */
  resources?: readonly FhirResource[]
  clock?: () => Date
  /** Where the pages find the phones; http://localhost:8082 when not given. */
  phonesUrl?: string
  /** Milliseconds before each further try of a notification. */
  retryDelays?: readonly number[]
}

export interface Emr {
  /** The origin, without a slash at its end. */
  url: string
  fhirUrl: string
  stop(): Promise<void>
}

export async function startEmr(options: EmrOptions): Promise<Emr> {
  const { resources = [], clock = () => new Date(), retryDelays = usualRetryDelays, qasidUrl } = options
  // The app needs to know its own address, so requests that come before it is ready wait for it.
  const ready = Promise.withResolvers<RequestListener>()
  const { servers, port } = await listenHere(options.port, (request, response) => {
    void ready.promise.then((answer) => answer(request, response))
  })
  const url = `http://localhost:${port}`
  const fhirUrl = `${url}/fhir`
  const phonesUrl = options.phonesUrl ?? 'http://localhost:8082'
  try {
    const like = likes[options.like ?? 'full']
    const emr = createEmrApp({ url, fhirUrl, qasidUrl, phonesUrl, like, resources, clock, retryDelays })
    ready.resolve(emr.app)
    return {
      url,
      fhirUrl,
      async stop() {
        emr.stop()
        await Promise.all(servers.map(close))
      },
    }
  } catch (cause) {
    await Promise.all(servers.map(close))
    throw cause
  }
}

/** On 127.0.0.1 and, where there is one, on ::1: a browser may take `localhost` for either. */
async function listenHere(
  wanted: number,
  answer: RequestListener,
): Promise<{ servers: Server[]; port: number }> {
  const first = await listen(wanted, '127.0.0.1', answer)
  const { port } = first.address() as AddressInfo
  try {
    return { servers: [first, await listen(port, '::1', answer)], port }
  } catch (cause) {
    if (codeOf(cause) !== 'EADDRINUSE') return { servers: [first], port }
    await close(first)
    if (wanted !== 0) throw cause
    return listenHere(wanted, answer)
  }
}

function listen(port: number, host: string, answer: RequestListener): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  const server = createServer(answer)
  server.once('error', reject)
  server.listen(port, host, () => resolve(server))
  return promise
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  return promise
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
