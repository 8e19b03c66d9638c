/**
 * What became of a message, from the company's own log. By its id where we have one; else by recipient, sender, text and
 * time, because the company keeps no correlation of ours.
 */
import { z } from 'zod'
import { before, second } from '../../domain/time.ts'
import { type Answer, call, type Silence } from '../call.ts'
import type { LookedUp, LookUp } from '../provider.ts'
import { type Account, accountUrl, byKeyOrToken } from './account.ts'
import { type MessageRecord, messageRecord, timeOf, toEvent } from './message-record.ts'

/** The company's largest page, and more than a thousand texts with their frame need. */
const pageSize = 1_000
const largestPage = 8_000_000
/** Its clock and ours may differ, and its times are by the second. */
const clocksDifferBy = 10 * second

export async function lookUp(wanted: LookUp, account: Account): Promise<LookedUp> {
  const headers = byKeyOrToken(account)
  const { providerId } = wanted
  if (providerId === undefined) {
    const url = listUrl(wanted, account)
    return toFound(await call({ method: 'GET', url, headers, most: largestPage }), wanted, account)
  }
  const url = accountUrl(account, `/Messages/${encodeURIComponent(providerId)}`)
  const answer = await call({ method: 'GET', url, headers })
  const record = messageRecord.safeParse(answer.kind === 'answer' && answer.status === 200 && answer.body)
  return record.success ? told(record.data, wanted) : cannotSay('the message could not be read')
}

/**
 * Not by date: the filter is for the date of sending, and what still waits in the company's queue, for hours with a slow
 * sender, has none yet. To miss it would be to send it twice.
 */
export function listUrl({ channel, to, from }: LookUp, account: Account): string {
  const prefix = channel === 'whatsapp' ? 'whatsapp:' : ''
  const url = new URL(accountUrl(account, '/Messages'))
  url.searchParams.set('To', `${prefix}${to}`)
  // A messaging service chooses the sender, and at first has not chosen yet.
  if (!account.messagingServiceSid) url.searchParams.set('From', `${prefix}${from}`)
  url.searchParams.set('PageSize', String(pageSize))
  return url.href
}

const page = z.object({ messages: z.array(messageRecord), next_page_uri: z.string().nullish() })

export function toFound(answer: Answer | Silence, wanted: LookUp, account: Account): LookedUp {
  const listed = page.safeParse(answer.kind === 'answer' && answer.status === 200 && answer.body)
  if (!listed.success) return cannotSay('the log could not be read')
  const possible = listed.data.messages.filter((one) => maybeIt(one, wanted, account))
  const [found, ...more] = possible.filter(({ body }) => isSameText(body, wanted.text))
  if (more.length > 0) return cannotSay('several messages look like it')
  if (found) return told(found, wanted)
  if (listed.data.next_page_uri) return cannotSay('the log is longer than one page')
  // What it says may be blanked, or have been worded by the company: only an empty log is proof.
  return possible.length > 0 ? cannotSay('another message could be it') : { kind: 'never-taken' }
}

function maybeIt(record: MessageRecord, { claimedAt }: LookUp, { messagingServiceSid }: Account): boolean {
  if (!record.direction.startsWith('outbound')) return false
  if (messagingServiceSid && record.messaging_service_sid !== messagingServiceSid) return false
  const created = timeOf(record.date_created)
  return created === undefined || created >= before(claimedAt, clocksDifferBy)
}

/** A trial account puts its own words before ours, and a dash. */
function isSameText(body: string, text: string): boolean {
  const [kept, sent] = [plain(body), plain(text)]
  return kept === sent || (sent !== '' && kept.endsWith(` - ${sent}`))
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}

function told(record: MessageRecord, { attemptId, askedAt }: LookUp): LookedUp {
  const event = toEvent(record, attemptId, askedAt)
  return event ? { kind: 'found', event } : cannotSay('the log says nothing we know')
}

function cannotSay(because: string): LookedUp {
  return { kind: 'cannot-say', because }
}
