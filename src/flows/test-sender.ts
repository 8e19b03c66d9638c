/**
 * test-sender: an admin asks how the senders are, and tests one of them.
 * in: the board, the company's own answer · decides: nothing · out: the sender paused, or sending again
 */
import type { Channel } from '../domain/channel.ts'
import type { Carries } from '../domain/outgoing.ts'
import type { Health } from '../domain/question.ts'
import { healthOf } from '../domain/sender-health.ts'
import { toIso } from '../domain/time.ts'
import { checkSender } from './check-senders.ts'
import type { World } from './ports.ts'

export interface SenderState {
  id: string
  channel: Channel
  provider: string
  /** The clinic's own number or mailbox. */
  address: string
  /** 0 to 1. */
  health: number
  paused?: { code: string; at: string }
  weight: number
  countries?: string[]
  carries: Carries
}

export async function listSenders(world: World): Promise<SenderState[]> {
  const board = await world.board.read()
  return world.senders.map(({ id, channel, provider, address, weight, countries, carries }) => {
    const record = board[id]
    const paused = record?.paused
    const health = Math.round(healthOf(record, world.now()) * 100) / 100
    return {
      ...{ id, channel, provider, address, health },
      ...(paused && { paused: { code: paused.code, at: toIso(paused.at) } }),
      weight,
      ...(countries && { countries }),
      carries,
    }
  })
}

export type Tested =
  | { kind: 'tested'; ok: boolean; code?: string; sentence: string }
  | { kind: 'missing'; error: string }

export async function testSender(world: World, id: string): Promise<Tested> {
  const sender = world.senders.find((one) => one.id === id)
  if (!sender) {
    const known = world.senders.map((one) => one.id).join(', ')
    const name = /^[\w.-]{1,40}$/.test(id) ? ` called ${id}` : ' of that name'
    return { kind: 'missing', error: `There is no sender${name}; there are: ${known}.` }
  }
  const health = await checkSender(world, sender)
  return {
    kind: 'tested',
    ok: health.kind === 'healthy' || health.kind === 'limited',
    ...describe(id, health),
  }
}

function describe(id: string, health: Health): { code?: string; sentence: string } {
  switch (health.kind) {
    case 'healthy':
      return { sentence: `The sender ${id} is ready to send.` }
    case 'limited':
      return {
        code: health.code,
        sentence: `The sender ${id} works, but its provider warns (${health.code}).`,
      }
    case 'misconfigured':
      return {
        code: health.code,
        sentence: `The provider refuses the settings of the sender ${id} (${health.code}): correct its credentials or address.`,
      }
    case 'unreachable':
      return {
        code: health.code,
        sentence: `The provider of the sender ${id} cannot be reached (${health.code}).`,
      }
  }
}
