/** How an install will hear of booked, moved and cancelled visits, as far as it can be foreseen before it works. */
import type { ReportWay } from './report-words.ts'
import { endOf, offers, type ServerFacts, stands } from './server-facts.ts'

export function howChangesCome(host: ServerFacts): { way: ReportWay; says: string } {
  if (offers(host.statement, 'Subscription', ['create']) && stands(host, 'subscription'))
    return { way: 'native', says: 'The EMR tells us of each change at once (Subscription).' }
  if (endOf(host, 'visits-by-change')?.kind === 'worked')
    return { way: 'polled', says: 'The EMR is asked every minute which visits changed (_lastUpdated).' }
  return {
    way: 'polled',
    says: 'The EMR is asked every few minutes for the visits of the next days, and what differs is planned anew.',
  }
}
