/**
 * A server that fails is waited for: whoever asked it comes again, ever more seldom. Every question of ours may be asked
 * twice: reads change nothing, a create names the identifier that must not be there yet, an update the version it changes.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../flows/ports.ts'
import type { Ask } from './interaction.ts'
import { isTrouble } from './trouble.ts'

/** Milliseconds, all of them. */
const firstPause = 250
const longestPause = 5_000

export interface Patience {
  /** What is not answered by then is an error. */
  waitsFor: number
  /** Each time that it was in vain. */
  onTrouble?(): void
  now: Clock
}

export function withPatience(ask: Ask, { waitsFor, now, onTrouble = () => {} }: Patience): Ask {
  if (waitsFor <= 0) return ask
  return async (interaction) => {
    const until = now() + waitsFor
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        return await ask(interaction)
      } catch (error) {
        if (!isTrouble(error) || now() + pause > until) throw error
        onTrouble()
        await wait(pause)
      }
    }
  }
}
