/**
 * A clock that can be wound forward for all processes of a rig at once: what Qasid leaves alone for minutes (a claim that
 * nobody ends, a message of which nothing is heard) need not be waited for. Each process is started with `clock-hand.ts`,
 * which reads how far it was wound; timers, and Redis, keep the real time.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pause } from './until.ts'

export interface WoundClock {
  /** What a process is started with. */
  worn(env: Record<string, string>): { node: string[]; env: Record<string, string> }
  /** Milliseconds; all at once. Only while nothing is on its way: a call does not take minutes. */
  wind(by: number): Promise<void>
  /** What it is in the rig. */
  now(): number
}

export async function createWoundClock(folder: string): Promise<WoundClock> {
  const file = join(folder, 'clock')
  let wound = 0
  await writeFile(file, '0')
  return {
    worn: (env) => ({
      node: ['--import', fileURLToPath(new URL('clock-hand.ts', import.meta.url))],
      env: { ...env, BENCH_CLOCK: file },
    }),
    async wind(by) {
      wound += by
      await writeFile(file, String(wound))
      await pause(300)
    },
    now: () => Date.now() + wound,
  }
}
