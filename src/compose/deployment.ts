/** Wiring, and nothing else: the only file that sees all rooms. */
import { readFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { type Config, ConfigError } from '../config.ts'
import { parseInboundAddress } from '../domain/address.ts'
import { standardTemplates } from '../domain/standard-templates.ts'
import { instant } from '../domain/time.ts'
import { createBackendToken } from '../emr/backend-token.ts'
import { readCapabilities } from '../emr/capabilities.ts'
import type { FhirServer } from '../emr/fhir-call.ts'
import { createEmr } from '../emr/fhir-server.ts'
import { createSmartDiscovery, type SmartConfiguration } from '../emr/smart-discovery.ts'
import { createClinicShelf } from '../flows/clinic-shelf.ts'
import type { Clock, Log, Sender, World } from '../flows/ports.ts'
import { prepareInstall } from '../flows/prepare-install.ts'
import { type InstallFile, readInstalls, type SenderFile } from '../install-file.ts'
import { providers } from '../providers/index.ts'
import type { Provider } from '../providers/provider.ts'
import { createJobs, type QueuedJobs } from '../queue/jobs.ts'
import { createLiveFeed, type RedisLiveFeed } from '../queue/live-feed.ts'
import { createTally } from '../queue/tally.ts'
import { deriveSecret } from '../seal.ts'
import { loadSigningKeys } from '../signing-keys.ts'

export const systemClock: Clock = () => instant(Date.now())

export interface ComposedSender {
  file: SenderFile
  provider: Provider
  credentials: unknown
  sender: Sender
}

/** One install, ready for web or worker. */
export interface ComposedInstall {
  file: InstallFile
  world: World & { jobs: QueuedJobs; live: RedisLiveFeed }
  senders: ComposedSender[]
}

export interface Deployment {
  config: Config
  installs: ComposedInstall[]
  discover: (baseUrl: string) => Promise<SmartConfiguration>
  keys: Awaited<ReturnType<typeof loadSigningKeys>>
  now: Clock
  log: Log
}

/** What web and worker have in common. `redis` is a connection that refuses while Redis is away. */
export async function composeDeployment(config: Config, redis: Redis, log: Log): Promise<Deployment> {
  const now = systemClock
  const keys = await loadSigningKeys(config)
  const discover = createSmartDiscovery(now)
  const files = await readInstalls(config)
  const installs = files.map((file) => composeInstall({ config, discover, keys, now, log }, file, redis))
  return { config, installs, discover, keys, now, log }
}

function composeInstall(
  deployment: Omit<Deployment, 'installs'>,
  file: InstallFile,
  connection: Redis,
): ComposedInstall {
  const { config, discover, keys, now, log } = deployment
  const { fhirBase: baseUrl, clientId, scope } = file.host
  const token = createBackendToken({ baseUrl, clientId, scope, keys, discover, now })
  // Store = host: the first of the three kinds of install.
  const host = createEmr({ baseUrl, token })
  const place = { connection, prefix: config.redisPrefix, install: file.id }
  const senders = file.senders.map((sender) => composeSender(config, file.id, sender))
  return {
    file,
    senders,
    world: {
      install: file.id,
      host,
      store: host,
      hostCanCancel: once(() => canUpdateVisits({ baseUrl, token })),
      clinic: createClinicShelf(file.id, host, now),
      jobs: createJobs({ ...place, now }),
      live: createLiveFeed({ ...place, log }),
      senders: senders.map((one) => one.sender),
      now,
      log,
      tally: createTally(place),
    },
  }
}

/** What the host says of itself; whether our token may, it says only when asked. */
async function canUpdateVisits(server: FhirServer): Promise<boolean> {
  const { resources } = await readCapabilities(server)
  return resources.get('Appointment')?.interactions.includes('update') ?? false
}

/** Asked when first needed; asked again after a failure. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}

function composeSender(config: Config, install: string, file: SenderFile): ComposedSender {
  const where = `senders.${file.id}`
  const provider = providers.find((one) => one.id === file.provider)
  if (!provider?.channels.includes(file.channel))
    throw new ConfigError([`${where}: no provider called ${file.provider} carries ${file.channel}.`])
  const parsed = provider.credentials.safeParse(file.credentials)
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((one) => `${where}.credentials.${one.path.join('.')}: ${one.message}`),
    )
  const address = parseInboundAddress(file.channel, file.address)
  if (!address) throw new ConfigError([`${where}.address: it is no address for ${file.channel}.`])
  const webhook = `${config.baseUrl}/webhooks/${install}/${file.id}`
  const sender: Sender = {
    ...{ id: file.id, channel: file.channel, address },
    ...{ provider: provider.id, messageIdSystem: provider.messageIdSystem },
    send: (message) =>
      provider.send(
        {
          ...message,
          channel: file.channel,
          from: address,
          callbackUrl: `${webhook}?attempt=${encodeURIComponent(message.attemptId)}`,
        },
        parsed.data,
      ),
  }
  return { file, provider, credentials: parsed.data, sender }
}

/** What the store must hold before the install can work. */
export async function prepareStore({ file, world }: ComposedInstall): Promise<void> {
  await prepareInstall(world, file.settings, standardTemplates)
}

/** The secret that a host's notifications carry; never stored, so never lost. */
export function notificationSecret(config: Config, install: string, key: string): string {
  return deriveSecret(config.key, 'notification', install, key)
}

export interface Manifest {
  subscriptions: { key: string; resource: string; criteria: string; notifyPath: string }[]
}

/** The manifest as served: every path under our own base URL. */
export async function loadManifest(baseUrl: string): Promise<Manifest & Record<string, unknown>> {
  const text = await readFile(new URL('../../plugin.manifest.json', import.meta.url), 'utf8')
  return JSON.parse(text.replace('{baseUrl}', baseUrl)) as Manifest & Record<string, unknown>
}
