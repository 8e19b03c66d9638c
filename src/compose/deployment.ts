/** Wiring, and nothing else: `compose` is the only room that sees all others. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { type Config, ConfigError } from '../config.ts'
import type { RateCard } from '../domain/rate-card.ts'
import { standardTemplates } from '../domain/standard-templates.ts'
import { instant } from '../domain/time.ts'
import { createSmartDiscovery, type SmartConfiguration } from '../emr/smart-discovery.ts'
import { createClinicShelf } from '../flows/clinic-shelf.ts'
import { withOutbox } from '../flows/outbox.ts'
import type { Clock, Log, World } from '../flows/ports.ts'
import { prepareInstall } from '../flows/prepare-install.ts'
import { readUses } from '../flows/read-uses.ts'
import { type InstallFile, readInstalls } from '../install-file.ts'
import { createCaps } from '../queue/caps.ts'
import { createJobs, type QueuedJobs } from '../queue/jobs.ts'
import { createLiveFeed, type RedisLiveFeed } from '../queue/live-feed.ts'
import { createPace } from '../queue/pace.ts'
import { createSenderBoard } from '../queue/sender-board.ts'
import { createTally } from '../queue/tally.ts'
import { readRateCards } from '../rate-cards.ts'
import { deriveSecret } from '../seal.ts'
import { loadSigningKeys, type SigningKeys } from '../signing-keys.ts'
import { type ComposedSender, composeSender } from './compose-sender.ts'
import { composeServer, inAHurry, type Patience } from './compose-server.ts'
import { createFileOffers, type FileOffers } from './file-offers.ts'
import { createInstallFeed } from './install-feed.ts'
import { createJobVeil } from './job-veil.ts'

export const systemClock: Clock = () => instant(Date.now())

type InstallWorld = World & { jobs: QueuedJobs; live: RedisLiveFeed }

/** One install, ready for web or worker. */
export interface ComposedInstall {
  file: InstallFile
  world: InstallWorld
  /** The same, with a way of its own to host and store: what someone waits for does not wait behind a campaign. */
  fastWorld: InstallWorld
  /** The same, for whom a host in trouble is an error at once. */
  hurriedWorld: InstallWorld
  /** Called each time that host or store did not answer and is waited for. */
  hearTrouble(listener: () => void): void
  senders: ComposedSender[]
  keys: SigningKeys
}

export interface Deployment {
  config: Config
  installs: ComposedInstall[]
  discover: (baseUrl: string) => Promise<SmartConfiguration>
  rateCards: RateCard[]
  offers: FileOffers
  now: Clock
  log: Log
}

/** What web and worker have in common. `redis` is a connection that refuses while Redis is away. */
export async function composeDeployment(
  config: Config,
  redis: Redis,
  log: Log,
  patience: Patience = inAHurry,
): Promise<Deployment> {
  const now = systemClock
  const discover = createSmartDiscovery(now)
  const files = await readInstalls(config)
  const senders = composeSenders(config, files)
  const rateCards = await readRateCards(config)
  const offers = createFileOffers(config, now)
  const keys = await Promise.all(files.map(({ id }) => loadSigningKeys({ ...config, now }, id)))
  const installs = files.map((file, index) =>
    composeInstall(
      { config, discover, now, log, rateCards, offers, patience },
      { file, senders: senders[index] ?? [], keys: keys[index] as SigningKeys },
      redis,
    ),
  )
  return { config, installs, discover, now, log, rateCards, offers }
}

/** What a start would stumble over; empty when it would not. */
export async function findFaults(config: Config): Promise<string[]> {
  try {
    const files = await readInstalls(config)
    composeSenders(config, files)
    await readRateCards(config)
    for (const { id } of files) await loadSigningKeys({ ...config, now: systemClock }, id)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

/** Those of each install; what is wrong with any of them is told at once. */
function composeSenders(config: Config, files: InstallFile[]): ComposedSender[][] {
  const faults: string[] = []
  const composed = files.map((file) =>
    file.senders.flatMap((sender) => {
      try {
        return [composeSender(config, file.id, sender)]
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        faults.push(...error.faults)
        return []
      }
    }),
  )
  if (faults.length > 0) throw new ConfigError(faults)
  return composed
}

function composeInstall(
  deployment: Omit<Deployment, 'installs'> & { patience: Patience },
  { file, senders, keys }: Pick<ComposedInstall, 'file' | 'senders' | 'keys'>,
  connection: Redis,
): ComposedInstall {
  const { config, now, log, rateCards, offers } = deployment
  const hearers: (() => void)[] = []
  const onTrouble = () => {
    for (const hear of hearers) hear()
  }
  const parts = { ...deployment, onTrouble, keys: keys.current }
  const host = composeServer(file.host, parts)
  const store = file.store ? composeServer(file.store, { ...parts, hostBase: file.host.fhirBase }) : host
  const writesBack = file.writeBack && store !== host
  const recordsOf = (way: 'emr' | 'fast' | 'hurried') => (writesBack ? withOutbox(store[way]) : store[way])
  const place = { connection, prefix: config.redisPrefix, install: file.id }
  const world: InstallWorld = {
    install: file.id,
    host: host.emr,
    store: recordsOf('emr'),
    isSidecar: store !== host,
    hostFindsBy: async (parameter, type) =>
      (await host.capabilities()).resources.get(type)?.searchParams.includes(parameter) ?? false,
    hostCan: async (interaction, type) =>
      (await host.capabilities()).resources.get(type)?.interactions.includes(interaction) ?? false,
    feed: createInstallFeed({ ...place, server: host.server, host: host.hurried, now }),
    clinic: createClinicShelf(file.id, store.fast, now),
    jobs: createJobs({ ...place, now, veil: createJobVeil(config) }),
    live: createLiveFeed({ ...place, log }),
    senders: senders.map((one) => one.sender),
    now,
    mint: randomUUID,
    log,
    tally: createTally(place),
    board: createSenderBoard({ ...place, now, log }),
    caps: createCaps({
      ...{ ...place, senders: file.senders, veil: createJobVeil(config) },
      readUses: () => readUses(store.emr, now()),
    }),
    pace: createPace({ ...place, senders: file.senders, tick: () => performance.now() }),
    offerFile: offers.offerFor(file.id),
    rateCards,
  }
  const over = (way: 'fast' | 'hurried') => ({ ...world, host: host[way], store: recordsOf(way) })
  // Its settings too are read in a hurry: a start waits for nobody.
  const hurriedWorld = { ...over('hurried'), clinic: createClinicShelf(file.id, store.hurried, now) }
  return {
    ...{ file, senders, keys, world, fastWorld: over('fast'), hurriedWorld },
    hearTrouble: (listener) => void hearers.push(listener),
  }
}

/** What the store must hold before the install can work. */
export async function prepareStore({
  file,
  world,
}: {
  file: Pick<InstallFile, 'settings'>
  world: World
}): Promise<void> {
  await prepareInstall(world, file.settings, standardTemplates)
}

/** The secret that a host's notifications carry; never stored, so never lost. */
export function notificationSecret(config: Pick<Config, 'key'>, install: string, key: string): string {
  return deriveSecret(config.key, 'notification', install, key)
}

/** Where the host's Subscription of this key calls us. */
export function notifyEndpoint(
  { baseUrl }: Pick<Config, 'baseUrl'>,
  install: string,
  { key, notifyPath }: Pick<Manifest['subscriptions'][number], 'key' | 'notifyPath'>,
): string {
  return `${baseUrl}${notifyPath}/${install}/${key}`
}

export interface Manifest {
  subscriptions: {
    key: string
    resource: string
    criteria: string
    notifyPath: string
    topics?: string[]
    heartbeatSeconds?: number
    timeoutSeconds?: number
    ifMissing: string
    poll?: { window?: string }
  }[]
}

/** The manifest as served: every path under our own base URL. */
export async function loadManifest(baseUrl: string): Promise<Manifest & Record<string, unknown>> {
  const text = await readFile(new URL('../../plugin.manifest.json', import.meta.url), 'utf8')
  return JSON.parse(text.replace('{baseUrl}', baseUrl)) as Manifest & Record<string, unknown>
}
