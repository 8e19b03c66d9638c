/** What a stranger holds who has somehow got all that one clinic gave out: its keys, its links, its operator's shell. */
import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { runKeys } from '../../src/compose/commands/keys.ts'
import { choose } from '../../src/compose/commands/open-install.ts'
import { runCommand } from '../../src/compose/commands/run-command.ts'
import { composeDeployment, systemClock } from '../../src/compose/deployment.ts'
import { connectToAdd } from '../../src/queue/connection.ts'
import type { Clinic, Deployment } from './deployment.ts'

export type Calling = RequestInit & { bearer?: string }

/** One of our own addresses, as JSON; to the status when nothing else matters. */
export function createCaller({ url }: Pick<Deployment, 'url'>) {
  const call = (path: string, { bearer = '', headers, ...init }: Calling = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, ...headers },
    })
  const post = (path: string, body: unknown, calling: Calling = {}) =>
    call(path, { ...calling, method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { call, post }
}

/** As the host of one install fetches them. */
export async function kidsOf({ url }: Deployment, { id }: Clinic): Promise<string[]> {
  const answer = await fetch(`${url}/.well-known/jwks/${id}.json`)
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}

export function signedByCarrier({ webhookSecret }: Deployment, body: string): Record<string, string> {
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
  return { 'x-mock-signature': `sha256=${signature}` }
}

export interface Signer {
  iss: string
  jku: string
  sign(audience: string): Promise<string>
  stop(): void
}

/** A caller of CDS Hooks with a key pair of its own, published as an EMR does. */
export async function startSigner(iss: string): Promise<Signer> {
  const alg = 'ES384'
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'its-own', alg, use: 'sig' }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    iss,
    jku: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sign: (audience) =>
      new SignJWT()
        .setProtectedHeader({ alg, kid: 'its-own', typ: 'JWT' })
        .setIssuer(iss)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey),
    stop: () => void server.close(),
  }
}

const silent = { info() {}, warn() {}, error() {} }

/** The command line on the deployment's own machine; to its code and the first line that it said. */
export async function runAsOperator(
  { config }: Deployment,
  name: 'forget' | 'retention',
  { id }: Clinic,
  args: string[] = [],
): Promise<[number, string | undefined]> {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const openInstall = async (wanted?: string) => {
    const connection = connectToAdd({ url: config.redisUrl, log: silent })
    const { installs } = await composeDeployment(config, connection, silent)
    const close = async () => {
      for (const { world } of installs) await Promise.all([world.jobs.close(), world.live.close()])
      connection.disconnect()
    }
    return { world: choose(installs, wanted).world, close }
  }
  const parts = { openInstall, readText: async () => '', readInput: async () => '', out: say, err: say }
  return [await runCommand(name, [...args, '--install', id], parts), said[0]]
}

/** To the exit code. */
export function rotateAsOperator({ config, clinics }: Deployment, { id }: Clinic): Promise<number> {
  const open = async () => ({
    place: { ...config, now: systemClock },
    installs: clinics.map((clinic) => clinic.id),
  })
  return runKeys(['rotate', '--at-once', '--install', id], { open, out() {}, err() {} })
}
