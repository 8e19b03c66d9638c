/** Time that passes while nobody waits: what the change feed remembers of when is set back, and its own flow runs. */

import { composeDeployment } from '../../../src/compose/deployment.ts'
import { readFeedWishes } from '../../../src/compose/feed-wishes.ts'
import type { Config } from '../../../src/config.ts'
import { visitFeed } from '../../../src/domain/change-feed.ts'
import { before, instant, minute } from '../../../src/domain/time.ts'
import { pollChanges } from '../../../src/flows/poll-changes.ts'
import type { Log } from '../../../src/flows/ports.ts'
import { connectToAdd } from '../../../src/queue/connection.ts'

export interface Hurry {
  /** The host is asked at once where it is asked at all, as if the last time were a minute ago. */
  lookNow(): Promise<void>
  /** A Subscription that is not active yet has been asked for six minutes ago. */
  passActivation(): Promise<void>
  close(): Promise<void>
}

export async function openHurry(config: Config, install: string, log: Log): Promise<Hurry> {
  const connection = connectToAdd({ url: config.redisUrl, log })
  const { installs } = await composeDeployment(config, connection, log)
  const world = installs.find(({ file }) => file.id === install)?.world
  if (!world) throw new Error(`there is no install ${install}`)
  const { memory } = world.feed
  const wishes = await readFeedWishes(config, install)
  // A host that makes them active does so within seconds.
  const openedAt = Date.now()
  return {
    async lookNow() {
      const { inForce } = await memory.read(visitFeed)
      if (inForce?.rung !== 'poll' && inForce?.rung !== 'window') return
      await memory.write(visitFeed, { polledAt: undefined })
      await pollChanges(world, wishes)
    },
    async passActivation() {
      if (Date.now() < openedAt + 20_000) return
      for (const { key } of wishes) {
        const { askedAt } = await memory.read(key)
        if (askedAt) await memory.write(key, { askedAt: before(instant(Date.now()), 6 * minute) })
      }
    },
    async close() {
      await world.jobs.close()
      await world.live.close()
      connection.disconnect()
    },
  }
}
