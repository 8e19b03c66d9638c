/** `qasid send`: says one thing to one patient or several. */
import type { World } from '../../flows/ports.ts'
import { identifyCall } from '../../http/api/call-identity.ts'
import { createMessageDesk } from '../message-desk.ts'
import { type Answer, answerWritten } from './answer.ts'
import { type Given, orderOptions, readOrder, readValues, textsOf, UsageError } from './usage.ts'

export const sendOptions = {
  ...orderOptions,
  to: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
} as const

export async function send(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  if (given.positionals.length > 0) throw new UsageError('Name recipients with --to.')
  const to = textsOf(given, 'to')
  if (to.length === 0) throw new UsageError('Name a recipient with --to.')
  const parameters = readValues(given)
  const order = readOrder(given, { to, ...(parameters && { parameters }) })
  const desk = createMessageDesk(await openWorld())
  const written = await desk.write(order, identifyCall(order))
  return answerWritten(written, (to) => (typeof to === 'number' ? `recipient ${to}` : to))
}
