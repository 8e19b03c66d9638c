/**
 * The whole product in front of real servers: Redis, web and worker as `serve` and `work` start them, the carrier and the
 * phones, and an install that `qasid install` made. Only the hours that nobody wants to wait for are taken out of its memory.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWires } from '../../../sandbox/carriers/index.ts'
import {
  clinicFile,
  makeClinic,
  phonesEnvironment,
  qasidEnvironment,
} from '../../../sandbox/demo/demo-clinic.ts'
import { readPhonesEnvironment } from '../../../sandbox/phones/environment.ts'
import { startPhones } from '../../../sandbox/phones/start-phones.ts'
import { runInstalling } from '../../../src/compose/commands/run-installing.ts'
import { startServe } from '../../../src/compose/serve.ts'
import { Unwinding } from '../../../src/compose/unwinding.ts'
import { startWork } from '../../../src/compose/work.ts'
import { type Config, loadConfig } from '../../../src/config.ts'
import type { CapabilityReport } from '../../../src/domain/capability-report.ts'
import { freePorts } from '../../journeys/open-demo.ts'
import { createPhones, type Phones } from '../../journeys/phones.ts'
import { createSelfReport, type SelfReport } from '../../journeys/self-report.ts'
import { until } from '../../journeys/until.ts'
import { createMemoryLog } from '../../services/redis-under-test.ts'
import { openHurry } from './hurry.ts'

export interface ClinicWishes {
  redisUrl: string
  /** The host's FHIR base, asked for once Qasid's address is known. */
  host(qasidUrl: string): Promise<string>
  /** Beside the host. */
  store?: string
}

export interface OpenClinic extends SelfReport {
  hostBase: string
  storeBase: string
  phones: Phones
  /** As `qasid install` drew it. */
  report: CapabilityReport
  /** Where the host tells nothing: it is asked now, and not when the minute is over. */
  lookNow(): Promise<void>
  /** Line by line, so far. */
  logged(): string[]
  stop(): Promise<void>
}

const pace = { queuedFor: 50, sentFor: 100, readFor: 200 }
export const install = 'real-host'

export async function openClinic({ redisUrl, host, store }: ClinicWishes): Promise<OpenClinic> {
  const opened = new Unwinding()
  try {
    const [qasid = 0, phonesPort = 0] = await freePorts(2)
    const clinic = makeClinic({}, { qasid, emr: 0, phones: phonesPort, mail: 0, store: 0 }, 'sandbox')
    const dataDir = await mkdtemp(join(tmpdir(), 'qasid-hosts-'))
    opened.add(dataDir, (folder) => rm(folder, { recursive: true, force: true }))
    await mkdir(join(dataDir, 'installs'))
    const env = qasidEnvironment(clinic, {
      redisUrl,
      redisPrefix: `hosts-${randomUUID().slice(0, 8)}`,
      dataDir,
    })
    const config = loadConfig(env)
    const carrier = await openCarrier(phonesEnvironment(clinic))
    opened.add(carrier, (one) => one.stop())
    const log = createMemoryLog()
    const hostBase = await host(config.baseUrl)
    const report = await installThere(config, log, { hostBase, store, wished: wishedFile(clinic) })
    const closeWeb = await startServe(config, log)
    opened.add(closeWeb, (close) => close())
    const hurry = await openHurry(config, install, log)
    opened.add(hurry, (one) => one.close())
    opened.add(await startWork(config, log), (close) => close())
    await untilReady(config.baseUrl, hurry.passActivation)
    return {
      ...createSelfReport(config.baseUrl),
      ...{ hostBase, storeBase: store ?? hostBase, report },
      phones: createPhones(carrier.url, ''),
      lookNow: hurry.lookNow,
      logged: () => log.lines.map((line) => JSON.stringify(line)),
      stop: () => opened.unwind(),
    }
  } catch (error) {
    await opened.unwind()
    throw error
  }
}

function openCarrier(env: Record<string, string>) {
  const read = readPhonesEnvironment(env, createWires())
  if (read.kind === 'refused') throw new Error(read.because)
  const senders = read.options.senders.map((one) => ({ ...one, inboundUrl: ofInstall(one.inboundUrl) }))
  return startPhones({ ...read.options, senders, pace })
}

/** The demo's install has another name. */
function ofInstall(inboundUrl: string): string {
  return inboundUrl.replace(/\/webhooks\/[^/]+\//, `/webhooks/${install}/`)
}

/** What an admin writes: senders and settings. */
function wishedFile(clinic: ReturnType<typeof makeClinic>): string {
  const { id: _id, ...wished } = clinicFile(clinic, { quietHours: false, now: new Date() }) as { id: string }
  return JSON.stringify(wished)
}

/** While the web is open: a host may ask it for the keys at once. */
async function installThere(
  config: Config,
  log: ReturnType<typeof createMemoryLog>,
  { hostBase, store, wished }: { hostBase: string; store?: string; wished: string },
): Promise<CapabilityReport> {
  const said: string[] = []
  const errors: string[] = []
  const err = (line: string) => void errors.push(line)
  const close = await startServe(config, log)
  try {
    const given = [hostBase, '--id', install, '--with', 'wished.json', '--json']
    const code = await runInstalling(
      'install',
      [...given, ...(store ? ['--store', store] : [])],
      () => ({ config, readText: async () => wished, out: (line) => void said.push(line), err }),
      err,
    )
    if (code !== 0) throw new Error(`qasid install ended with ${code}:\n${[...errors, ...said].join('\n')}`)
    return JSON.parse(said.join('\n')) as CapabilityReport
  } finally {
    await close()
  }
}

async function untilReady(baseUrl: string, passActivation: () => Promise<void>): Promise<void> {
  await until(
    'Qasid is ready',
    async () => {
      await passActivation()
      const answer = await fetch(`${baseUrl}/ready`)
      await answer.body?.cancel()
      return answer.ok
    },
    { within: 90_000, every: 500 },
  )
}
