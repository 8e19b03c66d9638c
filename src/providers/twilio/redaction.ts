/**
 * What a message said is removed from the company's records: its text is emptied, its media are deleted. Sid, numbers, times
 * and price stay there. Both only once the message is on its way no more.
 */
import { z } from 'zod'
import { type Answer, call, type Silence } from '../call.ts'
import type { Redaction } from '../provider.ts'
import { type Account, accountUrl, byKeyOrToken, errorCode, isBusy } from './account.ts'

/** "Delivery of the message is not complete." */
const notOver = '20009'

export async function redact(providerId: string, account: Account): Promise<Redaction> {
  const path = `/Messages/${encodeURIComponent(providerId)}`
  const headers = byKeyOrToken(account)
  const media = await call({ method: 'GET', url: accountUrl(account, `${path}/Media`), headers })
  const listed = toRedaction(media)
  if (listed.kind !== 'redacted') return listed
  for (const sid of mediaIn(media)) {
    const url = accountUrl(account, `${path}/Media/${encodeURIComponent(sid)}`)
    const deleted = toRedaction(await call({ method: 'DELETE', url, headers }))
    if (deleted.kind !== 'redacted') return deleted
  }
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
  const url = accountUrl(account, path)
  return toRedaction(await call({ method: 'POST', url, headers: form, body: 'Body=' }))
}

const mediaList = z.object({ media_list: z.array(z.object({ sid: z.string() })) })

function mediaIn(answer: Answer | Silence): string[] {
  const listed = mediaList.safeParse(answer.kind === 'answer' && answer.body)
  return listed.success ? listed.data.media_list.map(({ sid }) => sid) : []
}

/** What the company does not know it does not hold. */
export function toRedaction(answer: Answer | Silence): Redaction {
  if (answer.kind !== 'answer') return { kind: 'later', code: answer.code }
  const { status } = answer
  if (status < 300 || status === 404) return { kind: 'redacted' }
  const code = errorCode(answer)
  return { kind: isBusy(status) || code === notOver ? 'later' : 'refused', code }
}
