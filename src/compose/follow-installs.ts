/**
 * A process that serves installs takes in a new one by itself, as `qasid install` writes it: it stops in order and starts
 * again with all of them. A file that is half written, or wrong, changes nothing; its faults are logged.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Duration, second } from '../domain/time.ts'
import type { Log } from '../flows/ports.ts'

type Stop = () => Promise<void>

export interface Following {
  config: Config
  log: Log
  start(): Promise<Stop>
  /** What is wrong with the installs as they stand now, each as a sentence: nothing is stopped for files that cannot be started with. */
  faults(): Promise<string[]>
  /** How often the folder is looked at; a watch of the file system misses what another machine writes. */
  every?: Duration
}

/** Rejects when the first start fails; later ones are tried again at the next look. */
export async function followInstalls({
  config,
  log,
  start,
  faults: faultsOf,
  every = second,
}: Following): Promise<Stop> {
  let seen = await fingerprint(config)
  let stop: Stop | undefined = await start()
  let looking: Promise<void> | undefined

  const look = async () => {
    const present = await fingerprint(config)
    if (present === seen) return
    const faults = await faultsOf()
    if (faults.length > 0) {
      seen = present
      for (const fault of faults) log.error(`an install is not taken in: ${fault}`)
      return
    }
    log.info('the installs changed; starting with them')
    const ending = stop
    stop = undefined
    // What did not end cleanly does not keep the others from going on.
    await ending?.().catch((cause: unknown) => log.error('it did not stop cleanly', { cause }))
    stop = await start()
    seen = present
  }
  const timer = setInterval(() => {
    looking ??= look()
      .catch((cause: unknown) => log.error('the installs could not be taken in yet', { cause }))
      .finally(() => {
        looking = undefined
      })
  }, every)
  return async () => {
    clearInterval(timer)
    await looking
    await stop?.()
  }
}

/** Changes when a file comes, goes or is written anew. */
async function fingerprint({ dataDir }: Pick<Config, 'dataDir'>): Promise<string> {
  const folder = join(dataDir, 'installs')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs, size } = await stat(join(folder, name)).catch(() => ({ mtimeMs: 0, size: 0 }))
      return `${name} ${mtimeMs} ${size}`
    }),
  )
  return files.join('\n')
}
