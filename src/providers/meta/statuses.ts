/** What became of a message: from the webhook's `statuses`, and from the message history where the account has it. */
import { z } from 'zod'
import type { Address } from '../../domain/address.ts'
import type { DeliveryEvent, DeliveryState, ProviderEvent } from '../../domain/outcome.ts'
import { type Instant, instant, second } from '../../domain/time.ts'
import { call } from '../call.ts'
import type { LookedUp, LookUp } from '../provider.ts'
import { codeOf, reasonOf } from '../refusal.ts'
import { type Account, authorization, endpoint } from './account.ts'
import { meaningOfCode } from './codes.ts'

const states: Record<string, DeliveryState> = {
  sent: 'sent', // on its way
  delivered: 'delivered', // on the handset; may be left out before `read`
  read: 'read', // seen, by people who let it be known
  played: 'read', // heard
  failed: 'failed', // refused after it was taken, or never delivered: it does not say which
}

function stateOf(status: string): DeliveryState | undefined {
  return Object.hasOwn(states, status) ? states[status] : undefined
}

/** Unix seconds, as text or as a number; `undefined` when it is no time. */
export function instantOf(timestamp: unknown): Instant | undefined {
  const isTime = /^\d{1,11}$/.test(String(timestamp))
  return isTime ? instant(Number(timestamp) * second) : undefined
}

// Webhook

const statusEntry = z.object({
  id: z.string().min(1),
  status: z.string(),
  timestamp: z.unknown().optional().transform(instantOf),
  biz_opaque_callback_data: z.string().min(1).max(512).optional().catch(undefined),
  pricing: z
    .object({ category: z.unknown().optional().transform(codeOf), billable: z.boolean() })
    .optional()
    .catch(undefined),
  errors: z
    .array(z.object({ code: z.unknown().optional().transform(codeOf) }))
    .optional()
    .catch(undefined),
})

export function toDelivery(entry: unknown, sender: Address | undefined, receivedAt: Instant): ProviderEvent {
  const parsed = statusEntry.safeParse(entry)
  if (!parsed.success) return { kind: 'ignored', because: 'a status without an id' }
  const { id, status, timestamp, biz_opaque_callback_data: attemptId, pricing, errors } = parsed.data
  const state = stateOf(status)
  if (!state) return { kind: 'ignored', because: 'unknown status' }
  const code = errors?.find((error) => error.code)?.code
  return {
    kind: 'delivery',
    ...(attemptId && { attemptId }),
    ...{ providerId: id, state, at: timestamp ?? receivedAt },
    ...(state === 'failed' && { reason: reasonOf(meaningOfCode(code ?? '')) }),
    ...(code && { code }),
    ...(pricing?.category && { pricing: { category: pricing.category, billable: pricing.billable } }),
    ...(sender && { sender }),
  }
}

// Message history

const fields = 'id,message_id,events{delivery_status,timestamp}'

const tellings = z.array(
  z.object({ delivery_status: z.string(), timestamp: z.unknown().optional().transform(instantOf) }),
)
/** Lists within lists come bare or in the API's usual `data`. */
const history = z.object({
  data: z.array(
    z.object({ events: z.union([tellings, z.object({ data: tellings }).transform(({ data }) => data)]) }),
  ),
})

/** The further one wins: they come in any order. */
const order: DeliveryState[] = ['sent', 'failed', 'delivered', 'read']

export async function lookUp(wanted: LookUp, account: Account): Promise<LookedUp> {
  const { providerId } = wanted
  if (!providerId) return { kind: 'cannot-say', because: 'messages are found by the company’s id only' }
  const query = { message_id: providerId, fields }
  const url = endpoint(account, [account.phoneNumberId, 'message_history'], query)
  const answer = await call({ method: 'GET', url, headers: authorization(account) })
  const event =
    answer.kind === 'answer' && answer.status === 200 ? furthest(answer.body, wanted, providerId) : undefined
  return event ? { kind: 'found', event } : { kind: 'cannot-say', because: 'the history says nothing of it' }
}

export function furthest(
  body: unknown,
  { attemptId, askedAt }: Pick<LookUp, 'attemptId' | 'askedAt'>,
  providerId: string,
): DeliveryEvent | undefined {
  const parsed = history.safeParse(body)
  const told = parsed.success ? parsed.data.data.flatMap(({ events }) => events) : []
  const known = told.flatMap(({ delivery_status, timestamp }) => {
    const state = stateOf(delivery_status.toLowerCase())
    return state ? [{ state, at: timestamp ?? askedAt }] : []
  })
  const last = known.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).at(-1)
  if (!last) return undefined
  const reason = last.state === 'failed' && ({ reason: 'undelivered' } as const)
  return { kind: 'delivery', attemptId, providerId, ...last, ...reason }
}
