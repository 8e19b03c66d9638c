/** A whole install in memory: EMR, queue, carrier and a clock that a test moves by hand. Everything written is validated, and nothing is asked that we do not say we need. */

import type { ClinicSettings } from '../../src/domain/settings.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { after, type Duration, type Instant, instant, parseInstant, second } from '../../src/domain/time.ts'
import { createClinicShelf } from '../../src/flows/clinic-shelf.ts'
import { dispatchDue } from '../../src/flows/dispatch-due.ts'
import { withOutbox } from '../../src/flows/outbox.ts'
import { EmrError, type Log, type Tally, type World } from '../../src/flows/ports.ts'
import { prepareInstall } from '../../src/flows/prepare-install.ts'
import { readUses } from '../../src/flows/read-uses.ts'
import { reconcile } from '../../src/flows/reconcile.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { createValidator, type Validator } from '../fhir-validator.ts'
import { type Needs, readNeeds } from '../validation/needs.ts'
import { createFakeCaps, type FakeCaps } from './caps.ts'
import { createFakeCarrier, Died, type FakeCarrier } from './carrier.ts'
import { createMemoryEmr, type MemoryEmr } from './emr.ts'
import { createFakeFeed, type FakeFeed } from './feed.ts'
import { createFakeJobs, type FakeJobs } from './jobs.ts'
import { type HostCan, withLimits } from './limited-emr.ts'
import { createFakeLiveFeed, type FakeLiveFeed } from './live-feed.ts'
import { createNeededEmr } from './needed-emr.ts'
import { createFakePace, type FakePace } from './pace.ts'
import { createFakeBoard } from './sender-board.ts'

export interface FakeWorld {
  world: World
  /** The store; the host too, unless there is a sidecar. */
  emr: MemoryEmr
  host: MemoryEmr
  feed: FakeFeed
  jobs: FakeJobs
  live: FakeLiveFeed
  carrier: FakeCarrier
  pace: FakePace
  caps: FakeCaps
  counted: Record<string, number>
  logged: unknown[]
  now(): Instant
  /** Runs whatever is due. A worker that "dies" leaves its job to nobody. */
  settle(): Promise<void>
  /** Moves the clock, ticks, and runs whatever became due. */
  pass(duration: Duration): Promise<void>
  /** Everything that waits in Redis is gone. */
  wipeQueue(): void
}

/** Made when first needed, once for a test file: the validator holds all of R4. */
let made: { validate: Validator; needs: Needs } | undefined
function definitions() {
  made ??= { validate: createValidator(), needs: readNeeds('host', 'store') }
  return made
}

interface Wishes {
  /** Whether a job that throws is tried again a little later, as the real queue does; else the test sees the error. */
  retries?: boolean
  /** Of a host beside the store. */
  hostCan?: HostCan
  /** Search parameters that the host does not list, of any type. */
  hostFindsNot?: string[]
  /** Messages are marked for the host's own chart. */
  writesBack?: boolean
}

/** Friday, half past nine in Dubai. */
export const startOfDay = parseInstant('2026-11-20T05:30:00Z') as Instant

export async function createWorld(
  overrides: Partial<ClinicSettings> = {},
  { retries = false, hostCan, hostFindsNot, writesBack = false }: Wishes = {},
): Promise<FakeWorld> {
  let at = startOfDay
  const now = () => at
  const { validate, needs } = definitions()
  const emr = createMemoryEmr({ validate, now })
  const host = hostCan ? createMemoryEmr({ now }) : emr
  const server = createNeededEmr(emr, needs)
  const jobs = createFakeJobs({ now })
  const live = createFakeLiveFeed()
  const carrier = createFakeCarrier()
  const counted: Record<string, number> = {}
  const logged: unknown[] = []
  const tally: Tally = {
    count: (what, label, by = 1) => {
      counted[`${what} ${label}`] = (counted[`${what} ${label}`] ?? 0) + by
    },
  }
  const note = (level: string) => (what: string, facts?: object) =>
    void logged.push({ level, what, ...facts })
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') }
  const clinic = createClinicShelf('clinic', server, now)
  const words: string[] = []
  const { senders } = carrier
  const board = createFakeBoard()
  const pace = createFakePace({ now })
  const feed = createFakeFeed({ host: emr, now })
  const caps = createFakeCaps({ now, readUses: () => readUses(server, now()) })
  const world: World = {
    install: 'clinic',
    host: hostCan ? withLimits(createNeededEmr(host, needs), hostCan) : server,
    store: writesBack ? withOutbox(server) : server,
    feed,
    clinic,
    jobs,
    live,
    senders,
    now,
    log,
    tally,
    isSidecar: hostCan !== undefined,
    hostFindsBy: async (parameter) => !hostFindsNot?.includes(parameter),
    hostCan: async (...asked) => hostCan?.(...asked) ?? true,
    board,
    pace,
    caps,
    rateCards: [],
    mint: () => `word-${words.push('')}`,
    offerFile: ({ attemptId }) => `https://qasid.example/media/${attemptId}`,
  }
  await prepareInstall(world, { ...clinicSettings, ...overrides }, standardTemplates)

  const settle = async () => {
    await jobs.drain(async (job) => {
      try {
        return await runJob(world, job)
      } catch (error) {
        if (error instanceof Died) return undefined
        if (retries && error instanceof EmrError) return { kind: 'later', at: after(at, second) }
        throw error
      }
    })
  }
  return {
    ...{ world, emr, host, feed, jobs, live, carrier, pace, caps, counted, logged, now, settle },
    async pass(duration) {
      at = instant(at + duration)
      await dispatchDue(world)
      await reconcile(world)
      await settle()
    },
    wipeQueue() {
      jobs.clear()
      feed.memory.clear()
    },
  }
}

export const clinicSettings: ClinicSettings = {
  clinic: 'Palm Clinic',
  organization: 'Organization/clinic',
  zone: 'Asia/Dubai',
  zones: {},
  country: 'AE',
  language: 'en',
  remindOn: ['pending', 'booked'],
  rules: [
    {
      id: '48h',
      before: 'PT48H',
      plan: ['whatsapp', 'sms', 'email'],
      template: 'visit-reminder',
      bookedLate: 'send-now',
    },
    {
      id: '2h',
      before: 'PT2H',
      plan: ['whatsapp', 'sms', 'email'],
      template: 'visit-reminder',
      bookedLate: 'send-now',
    },
  ],
  remindChangesSince: '2026-11-01T00:00:00Z',
  noConsent: 'block',
  unknown: {},
  replies: { cancel: 'task', cancelWord: 'stop', mostEqual: 3 },
  retention: { contentFor: 90 },
}
