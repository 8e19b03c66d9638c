/** `node sandbox/provide/main.ts redis|chromium`: provides it and prints what was found. */
import { provideChromium } from './chromium.ts'
import { provideRedis } from './redis.ts'

const things: Record<string, () => Promise<string>> = {
  async redis() {
    const redis = await provideRedis({ env: process.env })
    await redis.stop()
    return process.env.REDIS_URL ? 'Redis: REDIS_URL names one' : 'Redis: a private one starts and stops'
  },
  async chromium() {
    const { path } = await provideChromium({ env: process.env })
    return `Chromium: ${path}`
  },
}

const provide = things[process.argv[2] ?? '']
if (provide) {
  try {
    console.log(await provide())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
} else {
  console.error('Say which: node sandbox/provide/main.ts redis|chromium')
  process.exitCode = 2
}
