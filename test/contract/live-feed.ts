/** What every live feed must keep: the one on Redis and the fake. */
import { describe, expect, it, vi } from 'vitest'
import type { Reference } from '../../src/domain/message-request.ts'
import type { LiveFeed } from '../../src/flows/ports.ts'
import type { LiveChange } from '../../src/queue/live-feed.ts'

export interface LiveFeedUnderTest {
  feed: LiveFeed & {
    subscribe(patient: Reference, listener: (change: LiveChange) => void): Promise<() => void>
  }
  close(): Promise<void>
}

const change = (patient: string, message: string): LiveChange => ({
  patient: `Patient/${patient}`,
  reference: `Communication/${message}`,
})

export function describeLiveFeed(name: string, create: () => Promise<LiveFeedUnderTest>) {
  const using = async (story: (world: LiveFeedUnderTest) => Promise<void>) => {
    const world = await create()
    try {
      await story(world)
    } finally {
      await world.close()
    }
  }

  describe(`LiveFeed: ${name}`, () => {
    it('tells a listener the changes of its patient, in order, and no others', () =>
      using(async ({ feed }) => {
        const heard: LiveChange[] = []
        await feed.subscribe('Patient/a', (told) => heard.push(told))
        await feed.publish(change('a', '1'))
        await feed.publish(change('b', '2'))
        await feed.publish(change('a', '3'))
        await vi.waitFor(() => expect(heard).toHaveLength(2))
        expect(heard).toEqual([change('a', '1'), change('a', '3')])
      }))

    it('tells every listener of a patient, and those that left nothing more', () =>
      using(async ({ feed }) => {
        const left: LiveChange[] = []
        const stays: LiveChange[] = []
        const leave = await feed.subscribe('Patient/a', (told) => left.push(told))
        await feed.subscribe('Patient/a', (told) => stays.push(told))
        await feed.publish(change('a', '1'))
        await vi.waitFor(() => expect([left.length, stays.length]).toEqual([1, 1]))
        leave()
        await feed.publish(change('a', '2'))
        await vi.waitFor(() => expect(stays).toHaveLength(2))
        expect(left).toEqual([change('a', '1')])
      }))

    it('passes references on and nothing else', () =>
      using(async ({ feed }) => {
        const heard: LiveChange[] = []
        await feed.subscribe('Patient/a', (told) => heard.push(told))
        const more = { ...change('a', '1'), text: 'Your visit is tomorrow' }
        await feed.publish(more)
        await vi.waitFor(() => expect(heard).toEqual([change('a', '1')]))
      }))

    it('publishes to nobody without complaint', () =>
      using(async ({ feed }) => {
        await expect(feed.publish(change('a', '1'))).resolves.toBeUndefined()
      }))
  })
}
