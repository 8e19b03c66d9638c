/**
 * One Redis server of our own on a free loopback port. It is a process group of its own, so that Ctrl-C reaches the
 * worker first and Redis only when we stop it; and it watches us, so that it ends even when we are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The pipe on standard input closes when we end, however we end; that, or a TERM, ends Redis. */
const watchdog = `
"$@" </dev/null & server=$!
exec 3<&0
{ cat >/dev/null; kill "$server"; } <&3 2>/dev/null & watcher=$!
trap 'kill "$server" 2>/dev/null' TERM
wait "$server"; wait "$server" 2>/dev/null; kill "$watcher" 2>/dev/null
rm -rf "$QASID_REDIS_FOLDER"
`

export async function startRedis(
  program: string,
  wanted?: number,
): Promise<{ url: string; stop(): Promise<void> }> {
  for (let tries = 3; ; tries--) {
    const folder = await mkdtemp(join(tmpdir(), 'qasid-redis-'))
    const port = wanted ?? (await freePort())
    const child = spawn('sh', ['-c', watchdog, 'sh', program, ...settings(port, folder)], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, QASID_REDIS_FOLDER: folder },
    })
    const ready = await isReady(child)
    if (ready) return { url: `redis://127.0.0.1:${port}`, stop: () => stop(child, folder) }
    await stop(child, folder)
    // Someone may have taken the port between our look and Redis's start.
    if (tries <= 1) throw new Error(`${program} does not start: run it by hand to see why, or set REDIS_URL.`)
  }
}

function settings(port: number, folder: string): string[] {
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    logfile: '',
  }
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
}

function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve(false))
    let said = ''
    child.stdout?.on('data', (text) => {
      // Read on after that, or a full pipe would stop Redis one day.
      if (said.length < 100_000) said += text
      if (said.includes('Ready to accept connections')) resolve(true)
    })
  })
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
