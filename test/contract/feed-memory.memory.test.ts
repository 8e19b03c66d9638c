import { after } from '../../src/domain/time.ts'
import { createFakeFeedMemory } from '../fakes/feed.ts'
import { describeFeedMemory, startedAt } from './feed-memory.ts'

describeFeedMemory('the fake in memory', async () => {
  let at = startedAt
  return {
    memory: createFakeFeedMemory({ now: () => at }),
    async pass(duration) {
      at = after(at, duration)
    },
  }
})
