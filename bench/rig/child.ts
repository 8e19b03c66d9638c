/** A child process of the rig: started, heard, measured, killed or ended. What it says stands in the rig's folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const patience = 60_000

export interface Child {
  pid: number
  /** The first match in what it says; throws when it ends before, or says nothing for a minute. */
  says(what: RegExp): Promise<string>
  /** Milliseconds of processor time so far, where the system tells. */
  cpu(): number | undefined
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL for whoever does not listen. */
  stop(): Promise<void>
}

export interface ChildWishes {
  name: string
  /** From the repository's root. */
  script: string
  args?: string[]
  /** Options of node itself. */
  node?: string[]
  env: Record<string, string>
  folder: string
}

export function startChild({ name, script, args = [], node = [], env, folder }: ChildWishes): Child {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [...node, join(root, script), ...args], {
    ...{ cwd: root, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' })
  let said = ''
  const hear = (text: Buffer) => {
    log.write(text)
    if (said.length < 200_000) said += text
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  // Whoever ends the rig ends all of it.
  const end = () => void child.kill('SIGKILL')
  process.once('exit', end)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.off('exit', end)
      resolve()
    }),
  )
  return {
    pid: child.pid ?? 0,
    says: (what) => waitForWords(name, child, what, () => said),
    cpu: () => cpuOf(child.pid),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
      await ended
      clearTimeout(late)
    },
  }
}

async function waitForWords(
  name: string,
  child: ChildProcess,
  what: RegExp,
  said: () => string,
): Promise<string> {
  const deadline = Date.now() + patience
  for (;;) {
    const found = what.exec(said())?.[0]
    if (found) return found
    const isOver = child.exitCode !== null || child.signalCode !== null
    if (isOver || Date.now() > deadline)
      throw new Error(`${name} ${isOver ? 'ended' : 'did not say it in time'}: ${said().slice(-2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Hundredths of a second on every Linux. */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return undefined
  }
}
