/** The report about SMS, and its words, which webhooks repeat. Words are read without regard to case. */
import { z } from 'zod'
import type { DeliveryState } from '../../domain/outcome.ts'
import type { Reason } from '../../domain/reason.ts'
import { type Duration, second } from '../../domain/time.ts'
import { toMoney, toSegments } from '../amount.ts'
import type { LookedUp, LookUp, Parsed } from '../provider.ts'
import { events, ignored, malformed } from '../webhook.ts'

/** How long a message may be on its way into the report. */
const reportLag: Duration = 30 * second

/** Some answers write it as a number, which is safe: it has thirteen digits. */
export const messageId = z.union([z.string().regex(/^\S{1,64}$/), z.number().transform(String)])

interface Report {
  state: DeliveryState
  /** Of what did not arrive. */
  reason?: Reason
}

interface Said extends Report {
  /** The word itself. */
  word: string
}

const words: Record<string, Report> = {
  // of the company itself
  queued: { state: 'queued' }, // taken
  sent: { state: 'sent' }, // with the operator; some operators never say more
  delivered: { state: 'delivered' }, // on the handset
  undelivered: { state: 'undelivered', reason: 'undelivered' }, // it does not say why
  'delivery not confirmed': { state: 'undelivered', reason: 'no-receipt' }, // the operator never said
  rejected: { state: 'failed', reason: 'rejected' }, // never left the company
  failed: { state: 'failed', reason: 'undelivered' }, // never left the company
  // of the operator
  accepted: { state: 'sent' }, // by the operator
  enroute: { state: 'sent' }, // on its way to the handset
  undeliverable: { state: 'undelivered', reason: 'recipient-unreachable' }, // the operator gave up
  expired: { state: 'undelivered', reason: 'recipient-unreachable' }, // the phone was off for too long
  deleted: { state: 'undelivered', reason: 'undelivered' }, // withdrawn by the operator
}

/** The operator's word where it is a last one, else the company's. */
function stateOf(operator: unknown, company: unknown): Said | undefined {
  const said = [operator, company].flatMap((word) => reportOf(word) ?? [])
  return said.find(({ state }) => state !== 'queued' && state !== 'sent') ?? said[0]
}

function reportOf(given: unknown): Said | undefined {
  const word = typeof given === 'string' ? given.trim().toLowerCase() : ''
  const report = Object.hasOwn(words, word) ? words[word] : undefined
  return report && { ...report, word: word.replaceAll(' ', '-') }
}

const reportBody = z.object({
  messages: z.array(z.unknown()),
  CurrencyCode: z.unknown().optional(),
})
const reportedMessage = z.object({
  MessageID: messageId,
  CorrelationID: z.unknown().optional(),
  Status: z.unknown().optional(),
  DLR: z.unknown().optional(),
  NumberOfUnits: z.unknown().optional().transform(toSegments),
  Cost: z.unknown().optional(),
})

/** `body` is the report's `data`. */
export function toLookedUp(body: unknown, wanted: LookUp): LookedUp {
  const parsed = reportBody.safeParse(body)
  if (!parsed.success) return { kind: 'cannot-say', because: 'the report cannot be read' }
  const { messages, CurrencyCode } = parsed.data
  const mine = messages
    .flatMap((one) => reportedMessage.safeParse(one).data ?? [])
    .find((one) => isWanted(one, wanted))
  if (!mine) return withoutReport(messages.length > 0, wanted)
  const said = stateOf(mine.DLR, mine.Status)
  if (!said) return { kind: 'cannot-say', because: 'the report says nothing we know' }
  const cost = toMoney([mine.Cost], CurrencyCode)
  return {
    kind: 'found',
    event: {
      kind: 'delivery',
      attemptId: wanted.attemptId,
      providerId: mine.MessageID,
      // Its own times are of the account's zone, which it does not tell.
      at: wanted.askedAt,
      state: said.state,
      ...(said.reason && { reason: said.reason, code: said.word }),
      ...(mine.NumberOfUnits && { segments: mine.NumberOfUnits }),
      ...(cost && { cost }),
    },
  }
}

/** Were a filter ever overlooked, the report would hold other people's messages. */
function isWanted({ MessageID, CorrelationID }: z.infer<typeof reportedMessage>, wanted: LookUp): boolean {
  return wanted.providerId ? MessageID === wanted.providerId : CorrelationID === wanted.attemptId
}

function withoutReport(hasOthers: boolean, { providerId, claimedAt, askedAt }: LookUp): LookedUp {
  if (hasOthers) return { kind: 'cannot-say', because: 'the report is about other messages' }
  if (providerId) return { kind: 'cannot-say', because: 'the report has lost it' }
  if (askedAt - claimedAt < reportLag) return { kind: 'cannot-say', because: 'the report may come later' }
  return { kind: 'never-taken' }
}

/** The current fields are not public; these are of the old page, and of what others say they get. */
const statusBody = z
  .object({
    MessageID: messageId.optional(),
    messageId: messageId.optional(),
    MessageId: messageId.optional(),
    CorrelationID: z.string().min(1).optional().catch(undefined),
    correlationId: z.string().min(1).optional().catch(undefined),
    DLR: z.unknown().optional(),
    Status: z.unknown().optional(),
    status: z.unknown().optional(),
  })
  .transform((one) => ({
    providerId: one.MessageID ?? one.messageId ?? one.MessageId,
    attemptId: one.CorrelationID ?? one.correlationId,
    words: [one.DLR, one.Status, one.status],
  }))

/**
 * Every word is a hint, not only the last ones: who knows the key could else hide that a message never left. The report is
 * asked a little more often, and there is one rule.
 */
export function parseStatus(body: object): Parsed {
  const parsed = statusBody.safeParse(body)
  if (!parsed.success || !parsed.data.providerId) return malformed('a status lacks the message id')
  const { providerId, attemptId, words } = parsed.data
  if (!words.some(reportOf)) return ignored('unknown status')
  return events({ kind: 'hint', providerId, ...(attemptId && { attemptId }) })
}
