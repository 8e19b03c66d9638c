/**
 * A Redis to work with: the one that REDIS_URL names, else a private one of our own that keeps nothing on disk and
 * ends with us.
 */

import { installPackages, type Say } from './debian-packages.ts'
import { decideRedis } from './decide-provision.ts'
import { type Environment, findOnPath, isDebian, isRoot } from './machine.ts'
import { startRedis } from './redis-process.ts'

export interface ProvidedRedis {
  url: string
  /** Ends a Redis that we started; leaves one that was given alone. */
  stop(): Promise<void>
}

const programs = ['redis-server', 'valkey-server']

export async function provideRedis({
  env,
  say = console.error,
  port,
}: {
  env: Environment
  say?: Say
  /** Of a Redis of our own; any free one when left out. */
  port?: number
}): Promise<ProvidedRedis> {
  const provision = decideRedis({
    named: env.REDIS_URL,
    found: findOnPath(programs, env),
    root: isRoot(),
    debian: isDebian(env),
  })
  switch (provision.kind) {
    case 'named':
      return { url: provision.value, stop: async () => {} }
    case 'found':
      return startRedis(provision.path, port)
    case 'install':
      await installPackages(provision.packages, { env, say })
      return startRedis(installed(env), port)
    case 'refuse':
      throw new Error(provision.because)
  }
}

function installed(env: Environment): string {
  const path = findOnPath(programs, { PATH: `${env.PATH ?? ''}:/usr/bin` })
  if (!path) throw new Error('redis-server was installed but is not on the PATH: set REDIS_URL.')
  return path
}
