/** On which rung of the ladder a worker will stand at this host, from what the host says and what was tried there. */

import type { ReportRow } from './capability-report.ts'
import { chooseRung, type Failures, type FeedNeeds, type FeedOffers, type RungChoice } from './change-feed.ts'
import { describeRung, writeRung } from './describe-rung.ts'
import { endOf, offers, type ProbeName, type ServerFacts, type ServerStatement } from './server-facts.ts'
import type { Instant } from './time.ts'

/** A server that says nothing at all of what it holds may take Subscriptions: only trying tells. */
export function feedOffers(statement: ServerStatement, resource: string): FeedOffers {
  const { resources, topics } = statement
  return {
    takesSubscriptions: offers(statement, 'Subscription', ['create']) || resources.size === 0,
    topics,
    searchParams: resources.get(resource)?.searchParams ?? [],
  }
}

/** As `chooseRung` decides it for the worker, so that report and worker never disagree. */
export function expectRung(
  host: Pick<ServerFacts, 'statement' | 'probes'>,
  visits: FeedNeeds,
  now: Instant,
): RungChoice {
  return chooseRung(feedOffers(host.statement, visits.resource), visits, failuresIn(host, now), now)
}

const triedBy = { topic: 'topic-subscription', criteria: 'subscription', poll: 'visits-by-change' } as const

function failuresIn(host: Pick<ServerFacts, 'probes'>, at: Instant): Failures {
  const failures: Failures = {}
  for (const [rung, name] of Object.entries(triedBy) as [keyof typeof triedBy, ProbeName][]) {
    const end = endOf(host, name)
    if (end?.kind === 'refused')
      failures[rung] = { why: end.code === 'never-active' ? 'never-active' : 'refused', at }
  }
  return failures
}

export function sayChanges(choice: RungChoice): Omit<ReportRow, 'need'> {
  const isTold = choice.rung === 'topic' || choice.rung === 'criteria'
  return { way: isTold ? 'native' : 'polled', says: describeRung(choice), detail: writeRung(choice) }
}
