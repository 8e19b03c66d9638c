/** A company whose connection never comes to stand: whatever is sent there surely never left. Each at an HTTPS address. */
import { once } from 'node:events'
import { createServer as createPlainServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { makeTestCertificate } from './test-certificate.ts'

export interface UnprovenCompany {
  url: string
  /** Resolves with the first connection. */
  reached: Promise<void>
  /** Requests that got through. */
  asked(): number
  stop(): Promise<void>
}

export interface Unproven {
  name: string
  start(): Promise<UnprovenCompany>
}

export const unprovenCompanies: Unproven[] = [
  { name: 'a certificate that nobody vouches for', start: () => startSecure({}) },
  {
    name: 'a certificate that has expired',
    start: () => startSecure({ until: '210101000000Z', trust: true }),
  },
  { name: 'a certificate of another name', start: () => startSecure({ trust: true, host: '127.0.0.1' }) },
  {
    name: 'a handshake that is cut',
    start: () => startTcp((socket) => socket.once('data', () => socket.destroy())),
  },
  { name: 'a connection that is cut at once', start: () => startTcp((socket) => socket.destroy()) },
  { name: 'no TLS at all', start: startPlain },
]

/** Ended by our own patience only. */
export const silentHandshake: Unproven = {
  name: 'a handshake that never ends',
  start: () => startTcp((socket) => socket.resume()),
}

interface Wishes {
  until?: string
  /** Whether this process trusts the certificate while the company is there. */
  trust?: boolean
  /** The certificate is for `localhost`. */
  host?: string
}

async function startSecure({ until, trust = false, host }: Wishes): Promise<UnprovenCompany> {
  const { certificate, privateKey } = makeTestCertificate(until)
  const trusted = tls.getCACertificates('default')
  if (trust) tls.setDefaultCACertificates([...trusted, certificate])
  let asked = 0
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createSecureServer({ cert: certificate, key }, (_, response) => {
    asked += 1
    response.end()
  })
  const company = await listening(server, host)
  const stop = async () => {
    if (trust) tls.setDefaultCACertificates(trusted)
    await company.stop()
  }
  return { ...company, asked: () => asked, stop }
}

function startTcp(meet: (socket: Socket) => void): Promise<UnprovenCompany> {
  return listening(
    createServer((socket) => {
      // Whoever hangs up on it is no fault of the test.
      socket.on('error', () => {})
      meet(socket)
    }),
  )
}

async function startPlain(): Promise<UnprovenCompany> {
  let asked = 0
  const server = createPlainServer((_, response) => {
    asked += 1
    response.end()
  })
  return { ...(await listening(server)), asked: () => asked }
}

async function listening(server: Server, host = 'localhost'): Promise<UnprovenCompany> {
  const sockets = new Set<Socket>()
  const reached = Promise.withResolvers<void>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    reached.resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    ...{ reached: reached.promise, asked: () => 0 },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
