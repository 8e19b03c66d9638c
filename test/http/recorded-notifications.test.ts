/**
 * Notifications in every form that hosts use, as their specifications and sources have them, with invented data: each is
 * taken with the proof it carries, and with no other.
 */
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { second } from '../../src/domain/time.ts'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { notificationSecret, startedAt, startWeb, type Web } from './web-under-test.ts'

interface Recorded {
  says: string
  method: string
  path: string
  headers: Record<string, string>
  proof: 'header' | 'x-signature' | 'x-hub-signature'
  body: unknown
  jobs: object[]
}

const folder = new URL('../fhir/recorded/', import.meta.url)
const recorded = readdirSync(folder).map((name): [string, Recorded] => {
  const one = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded
  return [one.says, one]
})

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

const bytesOf = ({ body }: Pick<Recorded, 'body'>) => (body === null ? '' : JSON.stringify(body))

function proofOf({ proof, body }: Pick<Recorded, 'proof' | 'body'>, secret = notificationSecret) {
  const hex = createHmac('sha256', secret).update(bytesOf({ body })).digest('hex')
  if (proof === 'header') return { 'x-qasid-secret': secret }
  return { [proof]: proof === 'x-signature' ? hex : `sha256=${hex}` }
}

function call(one: Recorded, proof: Record<string, string>): Promise<Response> {
  const body = bytesOf(one)
  return fetch(`${web.url}/notify/sample-clinic/appointments${one.path}`, {
    ...{ method: one.method, headers: { ...one.headers, ...proof } },
    ...(body && { body }),
  })
}

const jobs = () => web.jobs.pending().map(({ job }) => job)

describe('a recorded notification', () => {
  it.each(recorded)('%s', async (_says, one) => {
    const began = performance.now()
    const response = await call(one, proofOf(one))
    expect(performance.now() - began).toBeLessThan(250)
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ resourceType: 'OperationOutcome' }),
    ])
    expect(jobs()).toEqual(one.jobs)
    expect(await web.memory.read('appointments')).toMatchObject({ seenAt: startedAt })
  })

  it.each(recorded)('%s: not without a proof, and not with a wrong one', async (_says, one) => {
    for (const proof of [
      {},
      proofOf(one, 'guessed'),
      { 'x-signature': '' },
      { 'x-hub-signature': 'sha256=' },
    ])
      expect((await call(one, proof)).status).toBe(401)
    expect(jobs()).toEqual([])
    expect(await web.memory.read('appointments')).toEqual({})
  })
})

describe('a signature', () => {
  const [, one] = recorded.find(([says]) => says.startsWith('Medplum: the bare')) as [string, Recorded]
  const right = proofOf(one)
  const changed = { ...one, body: { resourceType: 'Appointment', id: 'v2' } }

  it('is over the very bytes', async () => {
    expect((await call(changed, right)).status).toBe(401)
  })

  it('that is wrong is not made good by the right header, nor the wrong header by nothing', async () => {
    const header = { 'x-qasid-secret': notificationSecret }
    expect((await call(changed, { ...header, ...right })).status).toBe(401)
    expect((await call(one, { ...header, ...right })).status).toBe(200)
    expect((await call(one, { 'x-qasid-secret': 'guessed', ...right })).status).toBe(200)
  })

  it('over nothing proves nothing', async () => {
    const empty = { ...one, headers: {}, body: null, proof: 'x-signature' } as const
    expect((await call(empty, proofOf(empty))).status).toBe(401)
  })

  it('is not looked at where none was agreed', async () => {
    const plain = { type: 'Appointment', secret: notificationSecret }
    web.install.subscriptions.appointments = plain
    expect((await call(one, right)).status).toBe(401)
    expect((await call(changed, { ...right, 'x-qasid-secret': notificationSecret })).status).toBe(200)
  })
})

describe('a storm', () => {
  const [, one] = recorded.find(([says]) => says.startsWith('HAPI and Smile with payload: PUT')) as [
    string,
    Recorded,
  ]

  it('of a thousand notifications about one visit is two looks: one at once, one at its end', async () => {
    const taken: object[] = []
    for (let batch = 0; batch < 20; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => call(one, proofOf(one))))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      // Each is planned as soon as it may be.
      taken.push(...web.jobs.take())
      web.passTime(10)
    }
    expect(taken).toHaveLength(1)
    web.passTime(second)
    expect(web.jobs.take()).toHaveLength(1)
    expect(web.jobs.pending()).toEqual([])
  })

  it('does not delay the first word about another visit', async () => {
    await call(one, proofOf(one))
    await call(one, proofOf(one))
    const other = { ...one, path: '/Appointment/v2', body: { resourceType: 'Appointment', id: 'v2' } }
    await call(other, proofOf(other))
    expect(web.jobs.take()).toHaveLength(2)
  })
})

describe('while Redis is away', () => {
  const away = async () => {
    throw new QueueUnavailable('away')
  }
  const find = (start: string) => (recorded.find(([says]) => says.startsWith(start)) as [string, Recorded])[1]

  it('a change is refused, so that the host repeats it', async () => {
    web.install.hear = away
    const one = find('HAPI: PUT')
    expect((await call(one, proofOf(one))).status).toBe(503)
  })

  it('a handshake is taken: nothing is lost by it', async () => {
    web.install.hear = away
    const one = find('backport on R4: handshake')
    expect((await call(one, proofOf(one))).status).toBe(200)
  })
})
