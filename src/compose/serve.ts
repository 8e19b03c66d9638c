/** The web process: everything that others call. */
import { existsSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Config, ConfigError } from '../config.ts'
import type { ClinicFacts } from '../contract/api.ts'
import { createCdsClientTokens } from '../emr/cds-client-token.ts'
import { createIdTokens } from '../emr/id-token.ts'
import { launchScope } from '../emr/launch-scope.ts'
import { advise } from '../flows/advise.ts'
import type { Log, World } from '../flows/ports.ts'
import { receiveMessage } from '../flows/receive-message.ts'
import type { WebInstall, WebParts } from '../http/parts.ts'
import { createSessions } from '../http/sessions.ts'
import { createWeb } from '../http/web.ts'
import type { InstallFile } from '../install-file.ts'
import { connectToAdd } from '../queue/connection.ts'
import { createTakeOnce } from '../queue/take-once.ts'
import { createTally } from '../queue/tally.ts'
import { deriveSecret } from '../seal.ts'
import { publishedByInstall } from '../signing-keys.ts'
import { createChartDesk } from './chart-desk.ts'
import {
  type ComposedInstall,
  composeDeployment,
  type Deployment,
  loadManifest,
  notificationSecret,
} from './deployment.ts'
import { createOpenMedia } from './file-offers.ts'
import { createHostOrigins } from './host-origins.ts'
import { createMessageDesk } from './message-desk.ts'
import { readInstallReport } from './read-install-report.ts'
import { Unwinding } from './unwinding.ts'
import { createWatch, nobody } from './watch.ts'

const appFolder = fileURLToPath(new URL('../../smart-app/dist', import.meta.url))

/** Resolves when the port is open; to what closes it. */
export async function startServe(config: Config, log: Log): Promise<() => Promise<void>> {
  if (!existsSync(`${appFolder}/launch.html`))
    throw new ConfigError(['The app is not built: run npm run build first.'])
  const started = new Unwinding()
  try {
    const redis = started.add(connectToAdd({ url: config.redisUrl, log }), (one) => one.disconnect())
    const deployment = await composeDeployment(config, redis, log)
    const manifest = await loadManifest(config.baseUrl)
    const watch = createWatch(deployment, manifest.subscriptions, redis)
    started.add(watch, (one) => one.close())
    const installs = deployment.installs.map((install) =>
      // Somebody waits for whatever the web asks.
      toWebInstall(deployment, { ...install, world: install.fastWorld }, { ...manifest, ...watch }),
    )
    for (const { world } of deployment.installs) {
      started.add(world.jobs, (one) => one.close())
      started.add(world.live, (one) => one.close())
    }
    const app = createWeb({
      ...{ baseUrl: config.baseUrl, installs, manifest, appFolder, log, now: deployment.now },
      openMedia: createOpenMedia(
        deployment.offers,
        deployment.installs.map(({ world }) => world),
        deployment.now,
      ),
      newKeys: () => newKeys(deployment),
      sessions: createSessions({ secret: deriveSecret(config.key, 'session'), now: deployment.now }),
      verifyCdsToken: createCdsClientTokens({
        clients: cdsClients(deployment),
        takeOnce: createTakeOnce({ connection: redis, prefix: config.redisPrefix }),
        now: deployment.now,
      }).verify,
      tally: createTally({ connection: redis, prefix: config.redisPrefix, install: nobody }),
      ...watch,
    })
    const server = await listen(app, config.port)
    started.add(server, close)
    return () => started.unwind()
  } catch (error) {
    await started.unwind()
    throw error
  }
}

function toWebInstall(
  { config, discover, now }: Deployment,
  { file, world, senders, keys }: ComposedInstall,
  {
    subscriptions,
    readiness,
  }: Pick<WebParts, 'readiness'> & { subscriptions: { key: string; resource: string }[] },
): WebInstall {
  const { fhirBase } = file.host
  const origins = createHostOrigins(fhirBase, discover, now)
  const idTokens = file.app && createIdTokens({ baseUrl: fhirBase, clientId: file.app.clientId, discover })
  return {
    ...{ id: file.id, fhirBase, origins, frameAncestors: file.frameAncestors },
    ...(file.app && { app: toWebApp(file.app, () => discover(fhirBase)) }),
    publicKeys: keys.published,
    ...{ apiKeys: file.api, desk: createMessageDesk(world) },
    subscriptions: Object.fromEntries(
      subscriptions.map(({ key, resource }) => {
        const secret = notificationSecret(config, file.id, key)
        return [key, { type: resource, secret, signingSecret: secret }]
      }),
    ),
    hear: (key, references) => world.feed.memory.hear(key, references),
    senders: senders.map(({ provider, credentials, sender }) => ({
      ...{ id: sender.id, channel: sender.channel, address: sender.address, provider, credentials },
      receive: (event) => receiveMessage(world, sender, event),
    })),
    jobs: world.jobs,
    tally: world.tally,
    advise: (ask) => advise(world, ask),
    subscribe: (patient, listener) => world.live.subscribe(patient, listener),
    clinic: () => clinicFacts(world),
    report: () => readInstallReport(config, world, readiness),
    verifyIdToken: async (idToken) => idTokens?.verify(idToken),
    ...(world.isSidecar && { chart: createChartDesk(world, file.host) }),
  }
}

/** Of what `qasid install` is making beside us: its host asks for the keys before the install is there. */
async function newKeys({ config, installs, now }: Deployment) {
  const all = await publishedByInstall({ ...config, now })
  for (const { file } of installs) all.delete(file.id)
  return all as Awaited<ReturnType<WebParts['newKeys']>>
}

function toWebApp(
  { clientId, scope }: NonNullable<InstallFile['app']>,
  smart: () => ReturnType<Deployment['discover']>,
): WebInstall['app'] {
  return { clientId, scopeFor: (launch) => launchScope(scope, launch, smart) }
}

function cdsClients({ installs }: Deployment) {
  return installs.flatMap(({ file }) => file.cds.clients.map((client) => ({ ...client, install: file.id })))
}

async function clinicFacts({ clinic, senders }: World): Promise<ClinicFacts> {
  const { clinic: name, country, zone, zones, noConsent } = await clinic.settings()
  return {
    ...{ name, country, zone, zones, noConsent },
    senders: senders.map(({ id, channel, address, carries }) => ({ id, channel, address, carries })),
  }
}

function listen(app: RequestListener, port: number): Promise<Server> {
  const server = createServer(app)
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new ConfigError([`QASID_PORT: port ${port} is taken.`], { cause })
          : cause,
      ),
    )
    server.listen(port, () => resolve(server))
  })
}

/** Open live streams would keep the server up for ever. */
async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
