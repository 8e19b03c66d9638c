/** What must be before a worker is ready for an install: its store holds what we need, and we learn of every booking. */
import type { Config } from '../config.ts'
import { type RungChoice, visitFeed } from '../domain/change-feed.ts'
import type { FeedWish } from '../flows/feed-ports.ts'
import { pollChanges } from '../flows/poll-changes.ts'
import type { World } from '../flows/ports.ts'
import { sweep } from '../flows/sweep.ts'
import { watchFeeds } from '../flows/watch-subscription.ts'
import type { InstallFile } from '../install-file.ts'
import { prepareStore } from './deployment.ts'
import { readFeedWishes } from './feed-wishes.ts'

export interface Prepared {
  file: Pick<InstallFile, 'id' | 'settings'>
  world: World
}

/** True once a booking would be seen: the store holds what we need, and the host tells us or is asked. */
export function preparation(
  config: Pick<Config, 'baseUrl' | 'key'>,
  install: Prepared,
  isReady: () => void,
): () => Promise<boolean> {
  const { file, world } = install
  let isStored = false
  let isSwept = false
  return async () => {
    if (!isStored) await prepareStore(install)
    isStored = true
    const wishes = await readFeedWishes(config, file.id)
    const visits = (await watchFeeds(world, wishes)).find(({ key }) => key === visitFeed)
    if (!visits?.inForce || visits.isDown) {
      // Whatever changes until it is active, nobody tells us.
      isSwept = false
      return false
    }
    if (!isSwept || visits.hasBegun) await catchUp(world, wishes, visits.inForce)
    isSwept = true
    isReady()
    return true
  }
}

/** The host tells us from now on; what happened before is looked up once. Where we ask, the first question finds it. */
async function catchUp(world: World, wishes: FeedWish[], { rung }: RungChoice): Promise<void> {
  if (rung === 'poll' || rung === 'window') return pollChanges(world, wishes)
  return sweep(world)
}
