/** What an install stands on beside its servers: Redis, our keys as the EMR fetches them, our Subscriptions as they are now. */
import { type CapabilityReport, type ReportRow, row } from '../../domain/capability-report.ts'
import { subscriptionStates } from '../../emr/subscriptions.ts'
import { EmrError, type Log } from '../../flows/ports.ts'
import type { InstallFile } from '../../install-file.ts'
import { connectToAdd, whenReady } from '../../queue/connection.ts'
import { readFeedWishes } from '../feed-wishes.ts'
import type { InstallingParts, InstallStory } from './installing.ts'

export interface Around {
  rows: ReportRow[]
  against: string[]
}

export async function lookAround(
  config: InstallingParts['config'],
  story: InstallStory,
  file: InstallFile,
  report: CapabilityReport,
): Promise<Around> {
  const jwksUrl = `${config.baseUrl}/.well-known/jwks/${file.id}.json`
  const [redis, keys, subscriptions] = await Promise.all([
    answers(config.redisUrl),
    story.examiner.isReachable(jwksUrl),
    statesOf(config, story, file, report),
  ])
  const signsIn = file.host.clientId !== undefined || file.store?.clientId !== undefined
  const active = subscriptions?.filter((one) => one === 'active').length ?? 0
  const isActive = subscriptions !== undefined && active > 0 && active === subscriptions.length
  return {
    rows: [
      row('redis', redis ? 'native' : 'missing'),
      ...(signsIn ? [row('keys', keys ? 'native' : 'missing', jwksUrl)] : []),
      ...(subscriptions
        ? [row('subscriptions', isActive ? 'native' : 'missing', `${active} of ${subscriptions.length}`)]
        : []),
    ],
    // Subscriptions mend themselves, and an EMR may have kept our keys.
    against: redis ? [] : ['Redis does not answer at REDIS_URL: qasid work cannot send.'],
  }
}

/** What it has to say is said in the report. */
const silent: Log = { info() {}, warn() {}, error() {} }

async function answers(url: string): Promise<boolean> {
  const redis = connectToAdd({ url, log: silent })
  try {
    await whenReady(redis)
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

/** `undefined` where the worker asks, and nobody has to tell. */
async function statesOf(
  config: InstallingParts['config'],
  story: InstallStory,
  file: InstallFile,
  { rows }: CapabilityReport,
): Promise<string[] | undefined> {
  if (!rows.some(({ need, way }) => need === 'changes' && way === 'native')) return undefined
  const endpoints = (await readFeedWishes(config, file.id)).map(({ hook }) => hook.endpoint)
  return subscriptionStates(story.emrOf(file.host), endpoints).catch((error: unknown) => {
    if (error instanceof EmrError) return []
    throw error
  })
}
