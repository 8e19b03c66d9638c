/** Redis, the sandbox EMR and Qasid's processes, as few of them as a measurement needs, on ports of their own; nothing is left. */

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  clinicFile,
  type DemoClinic,
  install,
  makeClinic,
  qasidEnvironment,
} from '../../sandbox/demo/demo-clinic.ts'
import { freePort } from '../../sandbox/demo/ports.ts'
import { startProcess } from '../../sandbox/demo/process.ts'
import { until } from '../../sandbox/demo/until.ts'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { readAskedScopes } from '../rig/asked-scopes.ts'

type Environment = Record<string, string | undefined>

export interface SmallDeployment {
  redisUrl: string
  redisPrefix: string
  fhirUrl: string
  webUrl: string
  install: string
  webhookSecret: string
  /** `serve` waits until it answers, `work` until the whole is ready. */
  start(part: 'serve' | 'work'): Promise<Part>
  /** Another script of the bench, which answers 200 at `ready`. */
  run(script: string, env: Environment, ready: string): Promise<Part>
  stop(): Promise<void>
}

export interface Part {
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const webhookSecret = 'webhook-secret-of-a-bench'

/** `emr` is a script that listens on `SANDBOX_EMR_PORT`; the sandbox's own unless told. */
export async function startSmallDeployment({
  emr = 'sandbox/emr/main.ts',
  env = {},
}: {
  emr?: string
  env?: Environment
} = {}): Promise<SmallDeployment> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of undo.splice(0).reverse()) await end()
  }
  const never = new AbortController().signal
  try {
    // A Redis of its own: what it holds is measured.
    const redis = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
    undo.push(redis.stop)
    const [qasid, emrPort, phones, mail, store] = [
      ...[await freePort(), await freePort(), await freePort(), await freePort(), await freePort()],
    ] as [number, number, number, number, number]
    const clinic: DemoClinic = makeClinic(
      { SANDBOX_WEBHOOK_SECRET: webhookSecret },
      { qasid, emr: emrPort, phones, mail, store },
      'sandbox',
    )
    const dataDir = await mkdtemp(join(tmpdir(), 'qasid-bench-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    const place = {
      redisUrl: redis.url,
      redisPrefix: `qasid-bench-${randomBytes(4).toString('hex')}`,
      dataDir,
    }
    const webUrl = `http://localhost:${qasid}`
    const fhirUrl = `http://localhost:${emrPort}/fhir`
    const run = async (script: string, own: Environment, ready: string, args: string[] = []) => {
      const part = startProcess({
        ...{ name: script, script: join(root, script), args, say: () => {} },
        env: { ...process.env, ...own },
      })
      undo.push(part.stop)
      await until(ready, script, { fell: part.fell, signal: never })
      return part
    }
    await run(
      emr,
      { ...env, SANDBOX_EMR_PORT: String(emrPort), SANDBOX_QASID_URL: webUrl },
      `${fhirUrl}/metadata`,
    )
    const { app, service } = await readAskedScopes()
    await mkdir(join(dataDir, 'installs'))
    await writeFile(
      join(dataDir, 'installs', `${install}.json`),
      JSON.stringify({
        ...clinicFile(clinic, { quietHours: false, now: new Date() }),
        host: { fhirBase: fhirUrl, clientId: 'qasid-worker', scope: service },
        app: { clientId: 'qasid-app', scope: app },
      }),
    )
    const ready = { serve: `${webUrl}/.well-known/jwks.json`, work: `${webUrl}/ready` }
    return {
      ...{ ...place, fhirUrl, webUrl, install, webhookSecret, run, stop },
      start: (part) => run('src/cli.ts', qasidEnvironment(clinic, place), ready[part], [part]),
    }
  } catch (error) {
    await stop()
    throw error
  }
}
