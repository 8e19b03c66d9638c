/**
 * Installs Debian packages without a question, without starting the services that come with them, and without failing
 * when another process installs at the same time.
 */
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import type { Environment } from './machine.ts'

/** Says one line to the person at the terminal. */
export type Say = (line: string) => void

/** Asked by Debian's install scripts before they start a service; 101 means no. */
const policyFile = '/usr/sbin/policy-rc.d'
/** apt's own option waits for dpkg only, not for package lists; our own processes queue here. */
const lockFolder = '/var/lib/apt'
const waitForLocks = 'DPkg::Lock::Timeout=300'

export async function installPackages(
  packages: string[],
  { env, say }: { env: Environment; say: Say },
): Promise<void> {
  say(`Installing ${packages.join(' and ')} from Debian's packages …`)
  const startServices = holdServices()
  try {
    const first = await install(packages, env)
    if (first.code === 0) return
    const update = await updateLists(env)
    const second = await install(packages, env)
    if (second.code === 0) return
    const said = lastError(second.said) ?? lastError(update.said) ?? `apt-get ended with ${second.code}`
    throw new Error(`Debian could not install ${packages.join(' and ')}: ${said}`)
  } finally {
    startServices()
  }
}

function install(packages: string[], env: Environment): Promise<Ended> {
  return aptGet(['install', '--yes', '--no-install-recommends', ...packages], env)
}

/** A foreign apt may hold the lists; it is done in seconds, so a few tries are enough. */
async function updateLists(env: Environment, tries = 5): Promise<Ended> {
  const ended = await aptGet(['update'], env)
  if (ended.code === 0 || tries <= 1 || !/Could not get lock/.test(ended.said)) return ended
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  return updateLists(env, tries - 1)
}

interface Ended {
  code: number | null
  said: string
}

function aptGet(command: string[], env: Environment): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [lockFolder, 'apt-get', '-o', waitForLocks, '-qq', ...command], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

function lastError(said: string): string | undefined {
  return said
    .split('\n')
    .findLast((line) => line.startsWith('E: '))
    ?.slice(3)
}

/**
 * Forbids starting services while we install, unless the machine has a policy of its own. Should we be killed on the
 * way, the policy that we left behind forbids nothing any more, since it asks whether we still live.
 */
function holdServices(): () => void {
  const policy = `#!/bin/sh\n# Written while packages are installed; without effect after that.\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`
  try {
    writeFileSync(policyFile, policy, { mode: 0o755, flag: 'wx' })
  } catch {
    return () => {}
  }
  return () => rmSync(policyFile, { force: true })
}
