/** The web process with everything behind it invented, on a port of its own for one test. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ClinicFacts } from '../../src/contract/api.ts'
import type { Address } from '../../src/domain/address.ts'
import type { InboundMessage } from '../../src/domain/outcome.ts'
import { hour, type Instant, instant } from '../../src/domain/time.ts'
import type { LogFacts, Tally } from '../../src/flows/ports.ts'
import type { WebInstall, WebParts } from '../../src/http/parts.ts'
import { createSessions } from '../../src/http/sessions.ts'
import { createWeb } from '../../src/http/web.ts'
import { sandbox } from '../../src/providers/sandbox.ts'
import { createFakeFeedMemory, type FakeFeedMemory } from '../fakes/feed.ts'
import { createFakeJobs, type FakeJobs } from '../fakes/jobs.ts'
import { createFakeLiveFeed, type FakeLiveFeed } from '../fakes/live-feed.ts'

export const baseUrl = 'https://qasid.example'
export const iss = 'https://emr.example/fhir'
export const notificationSecret = 'notification-secret-of-a-test'
/** Key and resource type of each Subscription. */
const feeds = { appointments: 'Appointment', requests: 'CommunicationRequest', consents: 'Consent' }
export const webhookSecret = 'webhook-secret-of-a-test'
export const apiKey = 'api-key-of-a-test-that-is-long-enough'
export const clinic: ClinicFacts = {
  ...{ name: 'Sample Clinic', country: 'AE', zone: 'Asia/Dubai', zones: {}, noConsent: 'block' },
  senders: [{ id: 'sms', channel: 'sms', address: '+15550100001' }],
}
export const startedAt = instant(Date.parse('2026-11-20T08:00:00Z'))

export interface Web {
  url: string
  parts: WebParts
  install: WebInstall
  jobs: FakeJobs
  memory: FakeFeedMemory
  live: FakeLiveFeed
  /** Of `/live`, still listening. */
  listening(): number
  /** All that ever did. */
  everListened(): number
  openConnections(): number
  /** `notification-unsigned`, in order. */
  refused: string[]
  received: InboundMessage[]
  errors: { what: string; facts?: LogFacts & { cause?: unknown } }[]
  passTime(wait: number): void
  /** `Bearer …` of a session that is open. */
  bearer(patient?: string): Promise<string>
  stop(): Promise<void>
}

export async function startWeb(): Promise<Web> {
  const web = invent()
  const server = createServer(createWeb(web.parts))
  const connections = new Set<unknown>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...web,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openConnections: () => connections.size,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Without a port. */
export function invent(): Omit<Web, 'url' | 'stop' | 'openConnections'> {
  let time: Instant = startedAt
  const now = () => time
  const jobs = createFakeJobs({ now })
  const live = createFakeLiveFeed()
  const seen = { listening: 0, ever: 0, refused: [] as string[], received: [] as InboundMessage[] }
  const errors: Web['errors'] = []
  const tally: Tally = { count: (what, label) => void (what === 'refused' && seen.refused.push(label)) }
  const memory = createFakeFeedMemory({ now })
  const install = inventInstall(seen, { jobs, live, tally, memory })
  const sessions = createSessions({ secret: 'session-secret-of-a-test', now })
  const parts: WebParts = {
    ...{ baseUrl, installs: [install], sessions, tally, now },
    manifest: { manifestVersion: '1', baseUrl },
    appFolder: fileURLToPath(new URL('app', import.meta.url)),
    newKeys: async () => new Map(),
    openMedia: async () => ({ kind: 'foreign' }),
    verifyCdsToken: async () => undefined,
    readiness: async () => [{ name: 'redis', ok: true }],
    health: async () => ({ healthy: true, report: { healthy: true, workers: [{ pid: 1 }] } }),
    metrics: async () => '# HELP qasid_counted_total facts\n',
    log: { info() {}, warn() {}, error: (what, facts) => void errors.push({ what, facts }) },
  }
  return {
    ...{ parts, install, jobs, memory, live, errors, refused: seen.refused, received: seen.received },
    listening: () => seen.listening,
    everListened: () => seen.ever,
    passTime(wait) {
      time = instant(time + wait)
    },
    async bearer(patient = 'Patient/ada') {
      const { token } = await sessions.open({ install: install.id, user: 'Practitioner/mona', patient })
      return `Bearer ${token}`
    },
  }
}

/** A test that orders messages gives the install a desk of its own. */
const unexpected = async () => {
  throw new Error('nothing was to be ordered')
}
const untouched: WebInstall['desk'] = {
  ...{ write: unexpected, status: unexpected, retry: unexpected },
  ...{ senders: unexpected, testSender: unexpected, templates: unexpected },
}

function inventInstall(
  seen: { listening: number; ever: number; refused: string[]; received: InboundMessage[] },
  { jobs, live, tally, memory }: { jobs: FakeJobs; live: FakeLiveFeed; tally: Tally; memory: FakeFeedMemory },
): WebInstall {
  return {
    id: 'sample-clinic',
    fhirBase: iss,
    origins: () => [new URL(iss).origin],
    app: { clientId: 'qasid-app', scopeFor: async (launch) => `openid of-${launch}` },
    publicKeys: async () => [{ kty: 'EC', kid: 'key-of-a-test' }],
    frameAncestors: ['https://portal.emr.example'],
    apiKeys: [{ id: 'emr-scripts', key: apiKey }],
    desk: untouched,
    subscriptions: Object.fromEntries(
      Object.entries(feeds).map(([key, type]) => [
        key,
        { type, secret: notificationSecret, signingSecret: notificationSecret },
      ]),
    ),
    hear: memory.hear,
    senders: [
      {
        id: 'sms',
        channel: 'sms',
        address: '+15550100002' as Address,
        provider: { ...sandbox, signatureHeader: 'x-mock-signature' },
        credentials: { baseUrl: 'http://carrier.example', token: 'carrier-token-of-a-test', webhookSecret },
        receive: async (event) => seen.received.push(event),
      },
    ],
    jobs,
    tally,
    async subscribe(patient, listener) {
      seen.listening += 1
      seen.ever += 1
      const leave = await live.subscribe(patient, listener)
      return () => {
        seen.listening -= 1
        leave()
      }
    },
    advise: async () => ({ advice: [], language: 'en' }),
    clinic: async () => clinic,
    report: async () => undefined,
    verifyIdToken: async (idToken) => (idToken === 'good' ? { subject: 'Practitioner/mona' } : undefined),
  }
}

export function sign(body: string | Uint8Array, secret = webhookSecret): Record<string, string> {
  return { 'x-mock-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}

export const sessionLastsFor = hour
