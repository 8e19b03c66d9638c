/**
 * Delivery events as carriers really send them: a third of them twice, and in any order. The same events in their order
 * tell what they must come to.
 */
import { Redis } from 'ioredis'
import type { Address } from '../../src/domain/address.ts'
import type { Attempt, AttemptState } from '../../src/domain/attempt.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, hour, instant, second, toIso } from '../../src/domain/time.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { fromAttempt, toAttempt } from '../../src/fhir/attempt.ts'
import { naming } from '../../src/fhir/codes.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { forgetAll } from '../../src/queue/forget-all.ts'
import type { Row } from '../row.ts'
import { load } from './load.ts'
import { signedPost } from './signed-post.ts'
import type { SmallDeployment } from './small-deployment.ts'

type Set = 'ordered' | 'shuffled'

/** What becomes of one message, as it is told; the last is what it comes to, and `undelivered` moves its request on. */
const stories: AttemptState[][] = [
  ['sent', 'delivered'],
  ['sent', 'delivered', 'read'],
  ['sent', 'undelivered'],
  ['sent'],
]

const token = 'sandbox-admin'

export async function measureDisorder(
  deployment: SmallDeployment,
  { attempts: count }: { attempts: number },
): Promise<Row> {
  await forgetQueues(deployment)
  const began = instant(Date.now())
  await put(deployment, began, count)
  await deployment.start('serve')
  await deployment.start('work')
  const calm = eventsOf('ordered', began, count)
  const all = eventsOf('shuffled', began, count)
  const wild = shuffled([...all, ...all.filter((_, index) => index % 3 === 0)])
  await post(deployment, calm, 1)
  await post(deployment, wild, 8)
  const same = await settled(deployment, count)
  return {
    what: 'messages whose events came shuffled, a third of them twice, that end as the others',
    value: same,
    yardstick: count,
    ratio: same / count,
    target: '= 1',
    ok: same === count,
  }
}

/** Of a load before this. */
async function forgetQueues({ redisUrl, redisPrefix: prefix }: SmallDeployment): Promise<void> {
  const connection = new Redis(redisUrl)
  await forgetAll({ connection, prefix })
  connection.disconnect()
}

async function put({ fhirUrl }: SmallDeployment, began: number, count: number): Promise<void> {
  const entry = (['ordered', 'shuffled'] as const).flatMap((set) =>
    Array.from({ length: count }, (_, index) => [requestOf(set, index, began), attemptOf(set, index, began)])
      .flat()
      .map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      })),
  )
  const answer = await fetch(fhirUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  })
  if (!answer.ok) throw new Error(`The EMR took no bundle: ${answer.status}`)
}

const idOf = (set: Set, index: number) => `bench-${set}-${index}`

function requestOf(set: Set, index: number, began: number) {
  const at = instant(began)
  const request: MessageRequest = {
    ...{ key: idOf(set, index), status: 'completed', category: 'conversation', priority: 'routine' },
    ...{ patient: 'Patient/bench', recipient: 'Patient/bench', plan: ['whatsapp'], dueAt: at },
    window: { from: at, until: after(at, hour) },
    content: { kind: 'text', text: 'A message of a bench' },
    ...{ replyOptions: [], forbidden: false },
  }
  return { ...toCommunicationRequest(request), id: idOf(set, index) }
}

function attemptOf(set: Set, index: number, began: number) {
  const at = instant(began)
  const attempt: Attempt = {
    ...{ attemptId: `${idOf(set, index)}_0`, request: `CommunicationRequest/${idOf(set, index)}` },
    ...{
      patient: 'Patient/bench',
      recipient: 'Patient/bench',
      category: 'conversation',
      channel: 'whatsapp',
    },
    ...{ from: '+15550100001' as Address, to: '+971501234567' as Address, sender: 'whatsapp' },
    ...{
      provider: 'sandbox',
      providerId: { system: naming.sandboxMessageId, value: `SB-${idOf(set, index)}` },
    },
    ...{
      text: 'A message of a bench',
      replyOptions: [],
      state: 'queued',
      at,
      sentAt: at,
      calledAt: at,
      calls: 1,
    },
  }
  return { ...toAttempt(attempt), id: idOf(set, index) }
}

function eventsOf(set: Set, began: number, count: number): object[] {
  return Array.from({ length: count }, (_, index) =>
    storyOf(index).map((status, step) => ({
      ...{ type: 'status', id: `SB-${idOf(set, index)}`, status, correlation: `${idOf(set, index)}_0` },
      at: toIso(after(instant(began), (step + 1) * second)),
    })),
  ).flat()
}

function storyOf(index: number): AttemptState[] {
  return stories[index % stories.length] ?? []
}

async function post(deployment: SmallDeployment, events: object[], connections: number): Promise<void> {
  const posts = events.map((event) => signedPost(deployment, 'whatsapp', event))
  const { answers } = await load(deployment.webUrl, (index) => posts[index], { connections, runFor: 60_000 })
  if (answers[200] !== posts.length) throw new Error(`Not all events were taken: ${JSON.stringify(answers)}`)
}

/** The same order in each run. */
function shuffled<T>(items: T[]): T[] {
  let seed = 20_261_120
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return seed
  }
  return items
    .map((item) => ({ item, place: next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

const patience = 40_000

/** Waits until what was told in order is in the store, and what came shuffled stands still beside it. */
async function settled({ fhirUrl }: SmallDeployment, count: number): Promise<number> {
  const emr = createEmr({ baseUrl: fhirUrl, token: fixedToken(token) })
  const deadline = Date.now() + patience
  for (;;) {
    const ends = await endsIn(emr)
    const known = Array.from({ length: count }, (_, index) => index)
    const told = known.filter((index) => ends.get(idOf('ordered', index))?.state === storyOf(index).at(-1))
    const same = told.filter((index) => {
      const [one, other] = [ends.get(idOf('ordered', index)), ends.get(idOf('shuffled', index))]
      return JSON.stringify(one) === JSON.stringify(other)
    })
    if (same.length === count || Date.now() > deadline) return same.length
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function endsIn(emr: ReturnType<typeof createEmr>) {
  const subject = 'Patient/bench'
  const [messages, requests] = await Promise.all([
    emr.search('Communication', { subject, identifier: `${naming.attemptId}|` }),
    emr.search('CommunicationRequest', { subject }),
  ])
  const requestEnds = new Map(
    requests.map((resource) => {
      const read = fromCommunicationRequest(resource)
      const { status, reason } = read.kind === 'request' ? read.request : { status: 'odd', reason: undefined }
      return [resource.id, { status, reason }] as const
    }),
  )
  return new Map(
    messages.flatMap((resource) => {
      const attempt = fromAttempt(resource)
      if (!attempt || attempt.state === 'not-sent') return []
      const { state, at, reason, deliveredAt, readAt } = attempt
      const request = requestEnds.get(resource.id)
      return [[resource.id, { state, at, reason, deliveredAt, readAt, request }] as const]
    }),
  )
}
