/**
 * What was fetched or built once and is kept between runs. A folder's name holds the hash of all that it was made from, and
 * it gets that name only when it is whole, so a broken run leaves nothing that looks finished.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../sandbox/provide/machine.ts'

/** QASID_HOSTS_CACHE, else `qasid-hosts` in the user's cache folder. */
export function cacheFolder(env: Environment): string {
  return env.QASID_HOSTS_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'qasid-hosts')
}

/** The kept folder; `make` fills a new one where there is none. */
export async function cached(
  { env, name, madeFrom }: { env: Environment; name: string; madeFrom: string[] },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(madeFrom)).digest('hex').slice(0, 12)
  const folder = join(cacheFolder(env), `${name}-${hash}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${randomUUID()}`
  await mkdir(unfinished, { recursive: true })
  try {
    await make(unfinished)
    // Another run may have been faster; theirs is as good.
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}
