/** What passed between us and one patient lately; read only where the clinic set a cap, because it costs a search per message. */
import { mayBeCapped, type RecentContact } from '../domain/frequency-cap.ts'
import type { MessageRequest } from '../domain/message-request.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import { before, hour, instant, toIso } from '../domain/time.ts'
import { isPressing } from '../domain/when-to-write.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { fromInbound } from '../fhir/inbound.ts'
import type { World } from './ports.ts'

/** The longest day there is, of 25 hours, and some. */
const looksBack = 26 * hour

export async function readRecentContact(
  { store, now }: World,
  request: MessageRequest,
  { mostPerDay }: ClinicSettings,
): Promise<RecentContact | undefined> {
  const { category, answers, content } = request
  const isOurs = content.kind === 'template' && content.template.includes('/reply-')
  const isAnswer = isOurs && answers !== undefined && category !== 'reminder' && category !== 'conversation'
  // What only calls itself an answer is judged as what it is, see `categoryOf` in domain/dispatch.ts.
  const seen = category === 'reminder' ? category : 'conversation'
  if (isPressing(request) || isAnswer || !mayBeCapped(mostPerDay, seen)) return undefined
  const found = await store.search('Communication', {
    subject: request.patient,
    // Not `sent`: a claim has none yet.
    _lastUpdated: `ge${toIso(before(now(), looksBack))}`,
  })
  const wrote = found.flatMap((resource) => fromInbound(resource)?.receivedAt ?? [])
  return {
    attempts: found.flatMap((resource) => fromAttempt(resource) ?? []),
    ...(wrote.length > 0 && { lastWroteAt: instant(Math.max(...wrote)) }),
  }
}
