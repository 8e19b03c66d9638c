/** The rung that is in force, in a sentence for whoever runs the install. */
import type { Rung, RungChoice } from './change-feed.ts'

const how: Record<Rung, string> = {
  topic: 'The host tells us of every change by a topic Subscription',
  criteria: 'The host tells us of every change by a Subscription',
  poll: 'We ask the host every minute what changed',
  window: 'We read the schedule of the next 30 days every few minutes and compare',
  off: 'Nobody tells us of changes; what is due is found by its time',
}

const why: Record<RungChoice['because'][number], string> = {
  'no-subscriptions': 'it takes no Subscriptions',
  'no-topic': 'it lists no topic that fits',
  'no-last-updated': 'it cannot be asked by _lastUpdated',
  refused: 'it refused what is better',
  'given-up': 'it gave up on our Subscription again and again',
  'never-active': 'it did not make our Subscription active',
  dead: 'its Subscription was active and told nothing',
}

/** `We ask the host every minute what changed, because it takes no Subscriptions.` */
export function describeRung({ rung, because }: RungChoice): string {
  // That the best of all is missing is worth a word only where there is nothing else to say.
  const told = [...new Set(because)].filter((one) => one !== 'no-topic' || because.length === 1)
  const reasons = told.map((one) => why[one])
  return reasons.length === 0 ? `${how[rung]}.` : `${how[rung]}, because ${reasons.join(', and ')}.`
}
