/** How an install will hear of booked, moved and cancelled visits, as far as it can be foreseen before it works. */
import type { ReportRow } from './capability-report.ts'
import type { Rung } from './change-feed.ts'
import { describeRung, writeRung } from './describe-rung.ts'
import { endOf, offers, type ServerFacts, stands } from './server-facts.ts'

export function howChangesCome(host: ServerFacts): Omit<ReportRow, 'need'> {
  const choice = { rung: rungOf(host), because: [] }
  const way = choice.rung === 'criteria' ? 'native' : 'polled'
  return { way, says: describeRung(choice), detail: writeRung(choice) }
}

function rungOf(host: ServerFacts): Rung {
  if (offers(host.statement, 'Subscription', ['create']) && stands(host, 'subscription')) return 'criteria'
  return endOf(host, 'visits-by-change')?.kind === 'worked' ? 'poll' : 'window'
}
