/** Until no worker works for an install any more: one that still did would make anew what is taken back. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import type { Log } from '../../flows/ports.ts'
import { connectToAdd, whenReady } from '../../queue/connection.ts'
import { listWorkers } from '../../queue/presence.ts'

const silent: Log = { info() {}, warn() {}, error() {} }
/** Milliseconds. A worker sees within a second that the file is gone, and finishes its jobs first. */
const lookEvery = 250
const mostLooks = 120

/** False when one still does after half a minute. Without Redis no worker works. */
export async function hasBeenLetGo(
  config: Pick<Config, 'redisUrl' | 'redisPrefix'>,
  install: string,
): Promise<boolean> {
  const connection = connectToAdd({ url: config.redisUrl, log: silent })
  try {
    await whenReady(connection)
    for (let look = 0; look < mostLooks; look++) {
      const workers = await listWorkers({ connection, prefix: config.redisPrefix })
      if (!workers.some(({ installs }) => installs.includes(install))) return true
      await wait(lookEvery)
    }
    return false
  } catch {
    return true
  } finally {
    connection.disconnect()
  }
}
