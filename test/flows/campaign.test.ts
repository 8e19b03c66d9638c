/** Thousands are due at once: the store remembers them, and Redis holds what can be carried soon. */
import type { CommunicationRequest } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, instant, minute, second } from '../../src/domain/time.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { dispatchDue } from '../../src/flows/dispatch-due.ts'
import { type Emr, EmrError, type SearchParameters, type Stored } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'

type Due = Stored<CommunicationRequest>

/** A store that holds nothing but requests, so that thousands are no matter; it answers what a tick asks. */
function createShelf({ sorts = true } = {}) {
  const held = new Map<string, Due>()
  const asked: SearchParameters[] = []
  const search = async (_type: string, wish: SearchParameters, { limit }: { limit?: number } = {}) => {
    if (wish._sort && !sorts) throw new EmrError('no such sort', { status: 400 })
    asked.push(wish)
    const until = Date.parse(String(wish.occurrence).slice(2))
    const found = [...held.values()]
      .filter(({ status }) => status === 'active')
      .filter(({ occurrenceDateTime = '' }) => Date.parse(occurrenceDateTime) <= until)
      .filter(({ priority = 'routine' }) => !wish.priority || String(wish.priority).includes(priority))
      .filter(({ category = [] }) =>
        category.some(({ coding }) => coding?.some(({ code }) => isWished(wish.category, code))),
      )
    const time = ({ occurrenceDateTime = '' }: Due) => Date.parse(occurrenceDateTime)
    return (wish._sort ? found.toSorted((a, b) => time(a) - time(b)) : found).slice(0, limit)
  }
  return { held, asked, emr: { search } as unknown as Emr }
}

function isWished(wished: SearchParameters[string] | undefined, code?: string): boolean {
  return wished === undefined || (code !== undefined && String(wished).includes(`|${code}`))
}

async function open(options: { sorts?: boolean } = {}) {
  const world = await createWorld()
  const shelf = createShelf(options)
  world.world.store = shelf.emr
  for (const sender of world.world.senders) sender.perSecond = 1
  const order = (id: string, differs: Partial<MessageRequest> = {}) => {
    const request: MessageRequest = {
      ...{ key: `api-${id}`, status: 'active', category: 'conversation', priority: 'routine' },
      ...{ patient: 'Patient/sara', recipient: 'Patient/sara', plan: ['sms'], dueAt: world.now() },
      window: { from: world.now(), until: after(world.now(), 600 * minute) },
      content: { kind: 'text', text: 'We are closed on Sunday.' },
      ...{ replyOptions: [], forbidden: false },
      ...differs,
    }
    shelf.held.set(id, { ...toCommunicationRequest(request), id })
  }
  return { world, shelf, order }
}

/** Judged at once, and sent so many at a time. */
async function work(world: FakeWorld, held: Map<string, Due>, atOnce: number): Promise<string[]> {
  const sent: string[] = []
  for (const job of world.jobs.take()) {
    if (job.kind === 'dispatch') await toSend(world, job.request)
    else if (job.kind === 'send' && sent.length < atOnce) sent.push(job.request.split('/')[1] ?? '')
    else await world.jobs.add(job)
  }
  for (const id of sent) {
    const request = held.get(id)
    if (request) held.set(id, { ...request, status: 'completed' })
  }
  return sent
}

function toSend({ jobs }: FakeWorld, request: string): Promise<void> {
  return jobs.add({ kind: 'send', request, sender: 'sms', lane: 'bulk' })
}

const campaign = 3_000

describe('a campaign', { timeout: 30_000 }, () => {
  it('waits in the store: Redis holds a window of it at most, and all of it goes in the end, each once', async () => {
    const { world, shelf, order } = await open()
    for (let index = 0; index < campaign; index += 1) order(`c${index}`)
    const sent: string[] = []
    let deepest = 0
    for (let tick = 0; tick < 60; tick += 1) {
      await dispatchDue(world.world)
      deepest = Math.max(deepest, world.jobs.pending().length)
      // One run judges, the next sends.
      await work(world, shelf.held, 0)
      sent.push(...(await work(world, shelf.held, 120)))
    }
    // Three senders of one a second: 360 in two minutes.
    expect(deepest).toBe(360)
    expect(sent).toHaveLength(campaign)
    expect(new Set(sent).size).toBe(campaign)
  })

  it('is not read again from the store while half a window of it waits', async () => {
    const { world, shelf, order } = await open()
    for (let index = 0; index < campaign; index += 1) order(`c${index}`)
    await dispatchDue(world.world)
    await work(world, shelf.held, 0)
    shelf.asked.length = 0
    for (let tick = 0; tick < 5; tick += 1) await dispatchDue(world.world)
    expect(shelf.asked.filter(({ priority, category }) => !priority && !category)).toEqual([])
  })

  it.each([
    ['by the store', true],
    ['by us, where the store refuses to sort', false],
  ])('goes in the order of its times, sorted %s', async (_who, sorts) => {
    const { world, order } = await open({ sorts })
    for (let index = 0; index < 1_000; index += 1)
      order(`c${index}`, { dueAt: instant(world.now() - index * second) })
    await dispatchDue(world.world)
    const taken = world.jobs.take().map((job) => ('request' in job ? job.request : ''))
    expect(taken).toHaveLength(360)
    expect(taken[0]).toBe('CommunicationRequest/c999')
    expect(taken.at(-1)).toBe('CommunicationRequest/c640')
  })

  it.each<[string, Partial<MessageRequest>]>([
    ['urgent message', { priority: 'urgent' }],
    ['answer whose nudge was lost', { category: 'auto-reply' }],
  ])('holds back no %s that is due after all of it, also while the window is full', async (_what, differs) => {
    const { world, shelf, order } = await open()
    for (let index = 0; index < campaign; index += 1)
      order(`c${index}`, { dueAt: instant(world.now() - minute) })
    await dispatchDue(world.world)
    await work(world, shelf.held, 0)
    order('now', differs)
    await dispatchDue(world.world)
    const waiting = world.jobs.pending().map(({ job }) => ('request' in job ? job.request : ''))
    expect(waiting).toContain('CommunicationRequest/now')
  })

  it('stands in its sender’s queue at once where there is nothing to choose, and is judged once', async () => {
    const { world, order } = await open()
    order('one-way')
    order('several', { plan: ['sms', 'email'] })
    await dispatchDue(world.world)
    expect(world.jobs.take()).toMatchObject([
      { kind: 'send', sender: 'sms', request: 'CommunicationRequest/one-way' },
      { kind: 'dispatch', request: 'CommunicationRequest/several' },
    ])
  })

  it('puts what is urgent first', async () => {
    const { world, order } = await open()
    for (let index = 0; index < 10; index += 1) order(`c${index}`)
    order('now', { priority: 'stat' })
    await dispatchDue(world.world)
    expect(world.jobs.take()[0]).toMatchObject({ request: 'CommunicationRequest/now' })
  })

  it('stands still, and says so, while the store does not answer', async () => {
    const { world, shelf } = await open()
    shelf.emr.search = () => Promise.reject(new EmrError('away', { status: 503 }))
    await expect(dispatchDue(world.world)).rejects.toThrow('away')
    expect(world.jobs.pending()).toEqual([])
  })
})
