/** Loaded before a process of the rig: its `Date` goes ahead by as much as `wound-clock.ts` was wound. */
import { readFileSync } from 'node:fs'

const looksEvery = 100

const RealDate = Date
const realNow = Date.now.bind(Date)
const hand = { ahead: 0 }

const look = () => {
  hand.ahead = Number(readFileSync(process.env.BENCH_CLOCK ?? '', 'utf8')) || hand.ahead
}
look()
setInterval(() => {
  try {
    look()
  } catch {
    // The rig is being taken down.
  }
}, looksEvery).unref()

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length > 0 ? given : [realNow() + hand.ahead], made),
  get: (target, name) => (name === 'now' ? () => realNow() + hand.ahead : Reflect.get(target, name)),
})
