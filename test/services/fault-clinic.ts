/**
 * One clinic whose only sender goes through one company, and the company as the sandbox imitates it: real provider file,
 * real webhooks, all over HTTP. The clinic's clock is moved by hand, the company's is the real one.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Patient } from 'fhir/r4'
import { startPhones } from '../../sandbox/phones/start-phones.ts'
import type { Account, Wire } from '../../sandbox/phones/wire.ts'
import { composeSender } from '../../src/compose/compose-sender.ts'
import type { Channel } from '../../src/domain/channel.ts'
import { hour, minute, second } from '../../src/domain/time.ts'
import { fromAttempt } from '../../src/fhir/attempt.ts'
import { lookUpSilent } from '../../src/flows/look-up.ts'
import { missReceipts } from '../../src/flows/miss-receipts.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { seekApprovals } from '../../src/flows/seek-approvals.ts'
import { createWeb } from '../../src/http/web.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { book, patient, permit } from '../flows/chart.ts'
import { invent } from '../http/web-under-test.ts'

/** How the clinic and the company know each other. */
export interface Acquaintance {
  wire: Wire
  channel: Channel
  address: string
  account: Account
  /** `base` is the sandbox's URL, `port` that of a company that does not speak HTTP. */
  credentials(at: { base: string; port?: number }): Record<string, string>
  /** What the company is told to call, beside our own callback URL. */
  webhookQuery?: string
}

export interface Story {
  state: string
  attempts: number
  calls: number
  /** On the company's own ledger. */
  sends: number
  /** Open work for staff. */
  tasks: string[]
}

interface Clinic {
  world: FakeWorld
  ledger(): Promise<{ status: string }[]>
  misbehave(order: object): Promise<void>
  heard(): number
  stop(): Promise<void>
}

const token = 'token-for-orders-of-a-test'
const id = 'only'

async function openClinic(known: Acquaintance): Promise<Clinic> {
  const world = await createWorld({}, { retries: true })
  const web = await openWeb(world)
  const inboundUrl = `${web.url}/webhooks/clinic/${id}${known.webhookQuery ?? ''}`
  const { wire, channel, address } = known
  const account: Account = { ...known.account }
  const phones = await startPhones({
    ...{ port: 0, token, wires: [{ wire, account }], pace: { queuedFor: 2, sentFor: 2, readFor: 2 } },
    ...{ senders: [{ channel, address, wire: wire.id, inboundUrl }], approvedAfter: 1 },
  })
  // Links to media in its webhooks begin with it.
  account.baseUrl = `${phones.url}/${wire.id}`
  const credentials = known.credentials({ base: phones.url, port: phones.ports[wire.id] })
  const file = { id, provider: wire.id, channel, address, perSecond: 20, weight: 1, credentials, plainly: [] }
  const composed = composeSender({ baseUrl: web.url }, 'clinic', file)
  world.world.senders.splice(0, Infinity, composed.sender)
  web.connect(composed)
  const fetchJson = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${phones.url}${path}`, { headers, ...init })
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }
  return {
    world,
    ledger: () => fetchJson('/api/ledger'),
    misbehave: (order) => fetchJson('/carrier/faults', { method: 'POST', body: JSON.stringify(order) }),
    heard: web.heard,
    async stop() {
      await phones.stop()
      await web.stop()
    },
  }
}

/** The routes as they are; behind them this clinic alone. */
async function openWeb(world: FakeWorld) {
  const { parts, install } = invent()
  let heard = 0
  const server = createServer((request, response) => {
    heard += 1
    app(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = createWeb({ ...parts, baseUrl: url, now: world.now })
  return {
    url,
    heard: () => heard,
    connect({ sender, provider, credentials }: ReturnType<typeof composeSender>) {
      const { channel, address } = sender
      install.id = 'clinic'
      install.jobs = world.jobs
      install.senders = [
        {
          ...{ id, channel, address, provider, credentials },
          receive: (event) => receiveMessage(world.world, sender, event),
        },
      ]
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Books a visit while the company misbehaves, lets a day pass, and tells how it ended. */
export async function tellStory(known: Acquaintance, ...faults: object[]): Promise<Story> {
  const clinic = await openClinic(known)
  const { world } = clinic
  try {
    world.emr.put(patient(contact(known)))
    world.emr.put(permit(known.channel, { address: addressOf(known) }))
    await seekApprovals(world.world)
    await becomeQuiet(clinic)
    await seekApprovals(world.world)
    for (const fault of faults) await clinic.misbehave(fault)
    // No second reminder within the story.
    await book(world, 40 * hour)
    for (const wait of [2 * second, 10 * second, minute, 5 * minute, 10 * minute, 20 * minute, hour]) {
      await becomeQuiet(clinic)
      await world.settle()
      await world.pass(wait)
      await lookUpSilent(world.world, wait)
      await world.settle()
    }
    await world.pass(25 * hour)
    await missReceipts(world.world)
    return await ending(clinic)
  } finally {
    await clinic.stop()
  }
}

function addressOf({ channel }: Acquaintance): string {
  return channel === 'email' ? 'sara@home.example' : '+971501234567'
}

function contact(known: Acquaintance): Pick<Patient, 'telecom'> {
  const system = known.channel === 'email' ? 'email' : 'phone'
  return { telecom: [{ system, value: addressOf(known) }] }
}

async function ending({ world, ledger }: Clinic): Promise<Story> {
  const attempts = world.emr.all('Communication').flatMap((resource) => fromAttempt(resource) ?? [])
  const states = attempts.map(({ state, reason }) => (reason ? `${state} (${reason})` : state))
  const tasks = world.emr.all('Task').filter(({ status }) => status === 'requested')
  return {
    state: states.join(', '),
    attempts: attempts.length,
    calls: attempts.reduce((sum, { calls }) => sum + calls, 0),
    sends: (await ledger()).length,
    tasks: tasks.flatMap(({ code }) => code?.coding?.[0]?.code ?? []),
  }
}

/** The company has told all that it will for now: nothing new is heard for a moment. */
async function becomeQuiet({ heard, ledger }: Clinic): Promise<void> {
  const moment = 60
  let before = Number.NaN
  let calm = 0
  while (calm < 3) {
    const now = heard() + (await ledger()).length
    calm = now === before ? calm + 1 : 0
    before = now
    await new Promise((resolve) => setTimeout(resolve, moment / 3))
  }
}
