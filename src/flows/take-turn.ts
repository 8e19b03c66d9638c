/**
 * take-turn: what stands between a rendered message and its call: a place under the company's caps, the claim, and the turn
 * at the sender's pace. Whoever gets one and not the next gives it back; a claim whose turn cannot be had is free again,
 * because surely nothing left.
 */
import type { Address } from '../domain/address.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { OutgoingContent } from '../domain/outgoing.ts'
import { countSegments } from '../domain/segments.ts'
import { after, second } from '../domain/time.ts'
import type { JobResult, PaceAsk, Sender, World } from './ports.ts'
import { putBack } from './record-outcome.ts'
import type { Claimed } from './resolve-attempt.ts'

/** What the carrier counts of a message. */
export function costOf(content: OutgoingContent, { channel }: Sender): number {
  return channel === 'sms' && content.kind === 'text' ? Math.max(1, countSegments(content.text).segments) : 1
}

export type Place = { kind: 'place'; giveBack(): Promise<void> } | { kind: 'none'; result: JobResult }

/** None is left: judged again at once, it takes another sender or waits until one is; the same person waits for seconds. */
export async function takePlace(
  world: World,
  { id }: Sender,
  { to, opens }: { to: Address; opens: boolean },
): Promise<Place> {
  const taken = await world.caps.take({ sender: id, to, opens })
  if (taken.kind === 'soon') return { kind: 'none', result: { kind: 'later', at: taken.at } }
  if (taken.kind === 'full')
    return { kind: 'none', result: { kind: 'later', at: after(world.now(), second) } }
  // A count that is one too high is over by tomorrow.
  return { kind: 'place', giveBack: () => taken.giveBack().catch(() => undefined) }
}

/** `undefined` when the call is to be made, now. */
export async function takeTurn(world: World, claimed: Claimed, ask: PaceAsk): Promise<JobResult | undefined> {
  try {
    const turn = await world.pace.turn(ask)
    if (turn.kind === 'go') return undefined
    return { kind: 'later', at: await putBack(world, claimed, turn.waitFor, uncalled) }
  } catch (error) {
    await putBack(world, claimed, 2 * second, uncalled)
    throw error
  }
}

/** It surely never left. */
export function uncalled({ calls }: Attempt): Partial<Attempt> {
  return { calls: calls - 1 }
}

/** What it surely did not take, the company does not count. */
export function isCounted({ kind }: Outcome): boolean {
  return kind === 'accepted' || kind === 'unknown'
}
