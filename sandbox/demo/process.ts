/** A child process of the demo: started, watched, restarted where that is wanted, ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'

export interface Watched {
  /** Resolves with a sentence when the process ended although nobody asked it to, and is not restarted. */
  fell: Promise<string>
  /** TERM, then KILL after ten seconds. */
  stop(): Promise<void>
}

const patience = 10_000

export function startProcess(wishes: {
  name: string
  script: string
  args?: string[]
  env: Record<string, string | undefined>
  restart?: boolean
  say(line: string): void
}): Watched {
  let stopping = false
  let child: ChildProcess
  let ended: Promise<void>
  let fall: (because: string) => void = () => {}
  const fell = new Promise<string>((resolve) => {
    fall = resolve
  })

  const start = () => {
    child = spawn(process.execPath, [wishes.script, ...(wishes.args ?? [])], {
      env: wishes.env,
      stdio: ['ignore', wishes.env.DEMO_LOG ? openSync(wishes.env.DEMO_LOG, 'a') : 'ignore', 'inherit'],
      // Ctrl-C reaches us alone: we end the others in their order.
      detached: true,
    })
    ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve()
        if (stopping) return
        const how = signal ?? `code ${code}`
        if (!wishes.restart) return fall(`${wishes.name} ended by itself (${how}).`)
        wishes.say(`${wishes.name} died (${how}) and is started again.`)
        start()
      })
    })
  }
  start()

  return {
    fell,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), patience)
      await ended
      clearTimeout(late)
    },
  }
}
