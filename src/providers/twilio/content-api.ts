/**
 * The Content API: a wording is first made a content, then handed in for approval by WhatsApp. A content that was not handed
 * in is taken away again, because WhatsApp takes each name only once.
 */
import { z } from 'zod'
import { type ApprovalStatus, approvalStatuses } from '../../domain/approval.ts'
import { type Answer, call, type Silence } from '../call.ts'
import type { Submitted, TemplateDesk, TemplateState, TemplateSubmission } from '../provider.ts'
import { type Account, byKeyOrToken, contentApiUrl, errorCode, isBusy } from './account.ts'

/** `textType` is the company's name for content that is text alone. */
export function createTemplateDesk(textType: string): TemplateDesk<Account> {
  return {
    submit: (template, account) => submit(toContent(template, textType), template, account),
    list,
  }
}

export function toContent({ name, language, body, samples }: TemplateSubmission, textType: string) {
  const variables = Object.fromEntries(samples.map((sample, index) => [String(index + 1), sample]))
  return { friendly_name: name, language, variables, types: { [textType]: { body } } }
}

const created = z.object({ sid: z.string().regex(/^HX[0-9a-f]{32}$/i) })
const handedIn = z.object({ status: z.string() })

async function submit(
  content: object,
  { name, category }: TemplateSubmission,
  account: Account,
): Promise<Submitted> {
  const made = await post('/Content', content, account)
  const id = created.safeParse(made.kind === 'answer' && made.status < 300 && made.body)
  if (!id.success) return notSubmitted(made)
  const { sid } = id.data
  const answer = await post(`/Content/${sid}/ApprovalRequests/whatsapp`, { name, category }, account)
  const approval = handedIn.safeParse(answer.kind === 'answer' && answer.status < 300 && answer.body)
  if (approval.success) return { kind: 'submitted', id: sid, status: statusOf(approval.data.status) }
  await call({
    method: 'DELETE',
    url: contentApiUrl(account, `/Content/${sid}`),
    headers: byKeyOrToken(account),
  })
  return notSubmitted(answer)
}

function post(path: string, body: object, account: Account): Promise<Answer | Silence> {
  const headers = { ...byKeyOrToken(account), 'content-type': 'application/json' }
  return call({ method: 'POST', url: contentApiUrl(account, path), headers, body: JSON.stringify(body) })
}

function notSubmitted(answer: Answer | Silence): Submitted {
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  const isRefusal = answer.status >= 400 && !isBusy(answer.status)
  return { kind: isRefusal ? 'refused' : 'unreachable', code: errorCode(answer) }
}

const listed = z.object({
  contents: z.array(z.unknown()),
  meta: z.object({ next_page_url: z.string().nullish() }).nullish(),
})
const firstPage = '?PageSize=100'
/** More than any account has, in case a list goes round in a circle. */
const mostPages = 100

const list: TemplateDesk<Account>['list'] = async (account) => {
  const templates: TemplateState[] = []
  let query: string | undefined = firstPage
  for (let page = 0; query && page < mostPages; page += 1) {
    const url = contentApiUrl(account, `/ContentAndApprovals${query}`)
    const answer = await call({ method: 'GET', url, headers: byKeyOrToken(account) })
    if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
    const read = listed.safeParse(answer.status === 200 && answer.body)
    if (!read.success) return { kind: 'unreachable', code: errorCode(answer) }
    templates.push(...read.data.contents.flatMap(toState))
    query = nextQuery(read.data.meta?.next_page_url)
  }
  return query ? { kind: 'unreachable', code: 'endless-list' } : { kind: 'templates', templates }
}

/** Of the next page's address only the query counts: the token goes nowhere else, whatever an answer says. */
function nextQuery(url: string | null | undefined): string | undefined {
  return (url && URL.parse(url)?.search) || undefined
}

const optionalText = z.string().nullish().catch(undefined)
const contentRecord = z.object({
  sid: z.string().min(1),
  friendly_name: optionalText,
  language: z.string().min(1),
  approval_requests: z
    .object({
      name: optionalText,
      category: optionalText,
      status: optionalText,
      rejection_reason: optionalText,
    })
    .nullish()
    .catch(undefined),
})

/** What has no name could not be ours. */
export function toState(content: unknown): TemplateState[] {
  const read = contentRecord.safeParse(content)
  const { friendly_name, approval_requests: approval } = read.data ?? {}
  const name = approval?.name || friendly_name
  // Its second step failed, or we died before it: whoever lacks it in the list submits anew.
  if (!read.success || !name || approval?.status === 'unsubmitted') return []
  const { sid: id, language } = read.data
  const status = statusOf(approval?.status ?? '')
  const isRefused = status !== 'pending' && status !== 'approved'
  return [
    {
      ...{ id, name, language, status },
      ...(approval?.category && { category: approval.category }),
      ...(isRefused && { because: approval?.rejection_reason?.slice(0, longestReason) || 'not-told' }),
    },
  ]
}

/** It is about a wording, and for those who write wordings. */
const longestReason = 300

/** `received` and whatever may come to be: nobody has decided. */
function statusOf(status: string): ApprovalStatus {
  return approvalStatuses.find((known) => known === status) ?? 'pending'
}
