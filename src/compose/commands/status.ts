/** `qasid status` and `qasid retry`: what became of a message, and once more. */
import type { MessageStatus } from '../../contract/messages.ts'
import { parseInstant } from '../../domain/time.ts'
import type { World } from '../../flows/ports.ts'
import { createMessageDesk } from '../message-desk.ts'
import type { Answer } from './answer.ts'
import { toTable } from './table.ts'
import { type Given, onlyPositional, textOf, UsageError } from './usage.ts'

export const statusOptions = {} as const

export async function status(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  const id = readId(given)
  const found = await createMessageDesk(await openWorld()).status(id)
  return found ? { lines: describe(found), json: found, code: 0 } : noSuchMessage()
}

function describe({ status: state, sentence, dueAt, until, channels, attempts }: MessageStatus): string[] {
  const rows = attempts.map((one) => [
    ...[one.at, one.channel, one.sender, one.provider, one.state, one.reason, one.code, one.segments],
    one.cost && `${one.cost.amount} ${one.cost.currency}${one.cost.source ? ` (${one.cost.source})` : ''}`,
  ])
  return [
    `${state}: ${sentence}`,
    `due ${dueAt}, of use until ${until}, by ${channels.join(', ') || 'any channel'}`,
    ...(rows.length > 0 ? ['', ...toTable(headings, rows)] : []),
  ]
}

const headings = ['at', 'channel', 'sender', 'provider', 'state', 'reason', 'code', 'segments', 'cost']

export const retryOptions = { until: { type: 'string' } } as const

export async function retry(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  const id = readId(given)
  const until = textOf(given, 'until')
  if (until !== undefined && parseInstant(until) === undefined)
    throw new UsageError('Write --until as 2026-11-20T08:00:00Z.')
  const retried = await createMessageDesk(await openWorld()).retry(id, until === undefined ? {} : { until })
  if (retried.kind === 'missing') return noSuchMessage()
  if (retried.kind === 'refused') return { lines: [retried.error], json: { error: retried.error }, code: 1 }
  const { kind: _kind, ...json } = retried
  return { lines: [`${id} is tried once more (round ${json.round}).`], json, code: 0 }
}

function readId(given: Given): string {
  const id = onlyPositional(given, 'one message by its id').replace(/^CommunicationRequest\//, '')
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) throw new UsageError('Name one message by its id.')
  return id
}

function noSuchMessage(): Answer {
  const error = 'There is no such message.'
  return { lines: [error], json: { error }, code: 1 }
}
