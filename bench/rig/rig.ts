/**
 * Everything of a run, each in a process of its own: Redis, the sandbox EMR, the stranger's carrier, Qasid's web and its
 * workers. Started in order, ended in reverse.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../sandbox/demo/ports.ts'
import { type Carrier, startCarrier } from './carrier-ledger.ts'
import { type Child, startChild } from './child.ts'
import { type Clinic, installClinic } from './clinic.ts'
import { type RedisServer, startRedisServer } from './redis.ts'
import { openStore, type Store } from './store.ts'
import { until } from './until.ts'
import { createWoundClock, type WoundClock } from './wound-clock.ts'

export interface Rig {
  folder: string
  redis: RedisServer
  emr: Child
  store: Store
  carrier: Carrier
  web: Child
  clinic: Clinic
  clock: WoundClock
  /** Resolves when it says that it is up. */
  startWorker(): Promise<Child>
  /** A script of ours in the rig's folder. */
  start(name: string, script: string, env: Record<string, string>): Child
  stop(): Promise<void>
}

export interface RigWishes {
  perSecond?: number
  concurrency?: number
  /** Whether its clock can be wound; a measurement keeps the plain one. */
  wound?: boolean
}

export async function startRig(wanted: RigWishes = {}): Promise<Rig> {
  const { perSecond = 10_000, concurrency = 200, wound = false } = wanted
  const undo: (() => Promise<unknown>)[] = []
  const keep = <C extends { stop(): Promise<void> }>(part: C): C => {
    undo.push(() => part.stop())
    return part
  }
  const stop = async () => {
    for (const end of undo.splice(0).reverse()) await end()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'qasid-rig-'))
    undo.push(() =>
      process.env.BENCH_KEEP ? Promise.resolve() : rm(folder, { recursive: true, force: true }),
    )
    const clock = await createWoundClock(folder)
    const start = (name: string, script: string, env: Record<string, string>, args: string[] = []) =>
      keep(startChild({ name, script, args, folder, ...(wound ? clock.worn(env) : { env }) }))
    const redis = keep(await startRedisServer())
    const carrier = await startCarrier(folder)
    keep(carrier.child)
    const ports = { web: await freePort(), emr: await freePort() }
    const emr = start('emr', 'bench/rig/emr.ts', emrEnvironment(ports))
    await emr.says(/FHIR at/)
    const wishes = { folder, ports, redisUrl: redis.url, carrier, perSecond, concurrency }
    const clinic = await installClinic(wishes)
    const web = start('web', 'src/cli.ts', clinic.env, ['serve'])
    await isUp(web, clinic)
    const startWorker = async () => {
      const worker = start('worker', 'src/cli.ts', clinic.env, ['work'])
      await worker.says(/the worker process is up/)
      return worker
    }
    const store = openStore(`http://localhost:${ports.emr}`)
    return { folder, redis, emr, store, carrier, web, clinic, clock, startWorker, start, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function emrEnvironment(ports: { web: number; emr: number }): Record<string, string> {
  return { BENCH_EMR_PORT: String(ports.emr), BENCH_QASID_URL: `http://localhost:${ports.web}` }
}

/** The EMR asks it for the worker's keys. */
async function isUp(web: Child, { webUrl }: Clinic): Promise<void> {
  await web.says(/the web process is up/)
  await until('the keys', async () => (await fetch(`${webUrl}/.well-known/jwks.json`)).ok)
}
