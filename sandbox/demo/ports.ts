/** The demo's ports: fixed, so that scripts can drive it; each may be set by its variable. */
import { createServer } from 'node:net'
import type { DemoPorts } from './demo-clinic.ts'

const variables = {
  qasid: 'QASID_PORT',
  emr: 'SANDBOX_EMR_PORT',
  phones: 'SANDBOX_PHONE_PORT',
  store: 'SANDBOX_STORE_PORT',
} as const
const defaults = { qasid: 8080, emr: 8081, phones: 8082, store: 8083 }

/** Throws one sentence naming the first port that is odd or taken. */
export async function choosePorts(env: Record<string, string | undefined>): Promise<DemoPorts> {
  const ports = { ...defaults, mail: await freePort() }
  for (const name of ['qasid', 'emr', 'phones', 'store'] as const) {
    const port = Number(env[variables[name]] ?? defaults[name])
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`${variables[name]} is not a port.`)
    if (await isTaken(port))
      throw new Error(`Port ${port} is taken: stop what listens there, or set ${variables[name]}.`)
    ports[name] = port
  }
  return ports
}

/** For what need not be known beforehand. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Taken on either loopback address, or on all of them. */
async function isTaken(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', undefined]) if (await refuses(port, host)) return true
  return false
}

function refuses(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
    server.listen({ port, ...(host && { host }) }, () => server.close(() => resolve(false)))
  })
}
