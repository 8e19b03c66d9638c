/** One install of the deployment, opened for a command and closed again. Without Redis it works too, only slower. */
import { loadConfig } from '../../config.ts'
import type { Log, World } from '../../flows/ports.ts'
import { connectToAdd, whenReady } from '../../queue/connection.ts'
import { composeDeployment } from '../deployment.ts'
import { UsageError } from './usage.ts'

/** What a command has to say it prints: nothing else may stand between its lines. */
const silent: Log = { info() {}, warn() {}, error() {} }

export async function openInstall(id: string | undefined): Promise<{ world: World; close(): Promise<void> }> {
  const config = loadConfig()
  const redis = connectToAdd({ url: config.redisUrl, log: silent })
  try {
    // Away: what is written waits for the next tick.
    await whenReady(redis).catch(() => {})
    const { installs } = await composeDeployment(config, redis, silent)
    const chosen = choose(installs, id)
    const close = async () => {
      for (const { world } of installs) await Promise.allSettled([world.jobs.close(), world.live.close()])
      redis.disconnect()
    }
    return { world: chosen.world, close }
  } catch (error) {
    redis.disconnect()
    throw error
  }
}

export function choose<Install extends { file: { id: string } }>(
  installs: Install[],
  id: string | undefined,
): Install {
  const known = installs.map(({ file }) => file.id).join(', ')
  const [first, ...others] = installs
  if (!first) throw new UsageError('There is no install yet: put its file under installs/ of QASID_DATA.')
  if (id === undefined && others.length === 0) return first
  if (id === undefined)
    throw new UsageError(`There are several installs: name one with --install (${known}).`)
  const found = installs.find(({ file }) => file.id === id)
  if (!found) throw new UsageError(`There is no install of that name; there are: ${known}.`)
  return found
}
