/** What a message will cost, by the operator's rate card. */
import type { Attempt } from '../domain/attempt.ts'
import type { Money } from '../domain/outcome.ts'
import { plainCategory, priceOf } from '../domain/rate-card.ts'
import { countSegments } from '../domain/segments.ts'
import type { World } from './ports.ts'

/** Where the company tells no price; for WhatsApp it tells a category later. */
export function estimateCost(world: World, attempt: Attempt, segments?: number): Money | undefined {
  const { channel, provider, to } = attempt
  const category = channel && plainCategory[channel]
  if (!category || !provider || !to) return undefined
  const counted = segments ?? (channel === 'sms' ? countSegments(attempt.text ?? '').segments : 1)
  return priceOf(world.rateCards, { provider, to, category, segments: counted, at: world.now() })
}
