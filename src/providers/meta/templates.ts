/** The desk where wordings are approved: positional values, one body, nothing else. */
import { z } from 'zod'
import type { ApprovalStatus, Submitted, TemplateState, TemplateSubmission } from '../../domain/approval.ts'
import { type Answer, call } from '../call.ts'
import type { TemplateDesk } from '../provider.ts'
import { codeOf } from '../refusal.ts'
import { type Account, authorization, endpoint } from './account.ts'
import { mayPass, refusedIn } from './codes.ts'

const approvals: Record<string, ApprovalStatus> = {
  APPROVED: 'approved', // may be sent
  REINSTATED: 'approved', // was disabled, and is approved again
  UNARCHIVED: 'approved', // taken back from the archive, as it was approved
  FLAGGED: 'approved', // a warning of low quality: it still goes out until it is paused or disabled
  PAUSED: 'paused', // too many people disliked it; comes back by itself
  REJECTED: 'rejected', // with a reason
  DISABLED: 'disabled', // paused once too often
  DELETED: 'disabled', // somebody took it away
  PENDING_DELETION: 'disabled', // somebody is taking it away
  ARCHIVED: 'disabled', // put away
  LIMIT_EXCEEDED: 'disabled', // the account has as many as it may
}

/** PENDING, IN_APPEAL, LOCKED and whatever else comes: not to be sent. */
export function approvalOf(status: string): ApprovalStatus {
  return Object.hasOwn(approvals, status) ? (approvals[status] ?? 'pending') : 'pending'
}

/** The company's code for a rejection; `NONE` stands where there is none. */
export function becauseOf(reason: unknown): string | undefined {
  return reason === 'NONE' ? undefined : codeOf(reason)
}

// Submit

export function toSubmission({ name, language, category, body, samples }: TemplateSubmission) {
  const example = samples.length > 0 && { example: { body_text: [samples] } }
  const components = [{ type: 'BODY', text: body, ...example }]
  return { name, language, category, parameter_format: 'POSITIONAL', components }
}

const submitted = z.object({ id: z.string().min(1), status: z.string().catch('PENDING') })

export function toSubmitted(answer: Omit<Answer, 'kind'>): Submitted {
  const parsed = submitted.safeParse(answer.body)
  if (answer.status < 300)
    return parsed.success
      ? { kind: 'submitted', id: parsed.data.id, status: approvalOf(parsed.data.status) }
      : { kind: 'unreachable', code: 'no-template-id' }
  const { meaning, code, subcode } = refusedIn(answer)
  // Code 100 says nothing; its subcode says that the name is taken, the wording malformed …
  return mayPass(meaning) ? { kind: 'unreachable', code } : { kind: 'refused', code: subcode ?? code }
}

async function submit(template: TemplateSubmission, account: Account): Promise<Submitted> {
  const answer = await call({
    method: 'POST',
    url: endpoint(account, [account.businessAccountId, 'message_templates']),
    headers: { ...authorization(account), 'content-type': 'application/json' },
    body: JSON.stringify(toSubmission(template)),
  })
  return answer.kind === 'answer' ? toSubmitted(answer) : { kind: 'unreachable', code: answer.code }
}

// List

const fields = 'id,name,language,status,category,rejected_reason'
const perPage = 100
/** More than an account may have; ends a list that never does. */
const mostPages = 100

const page = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string().min(1),
      language: z.string().min(1),
      status: z.string(),
      category: z.unknown().optional().transform(codeOf),
      rejected_reason: z.unknown().optional().transform(becauseOf),
    }),
  ),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional(),
})

async function list(account: Account): ReturnType<TemplateDesk<Account>['list']> {
  const templates: TemplateState[] = []
  let after: string | undefined
  for (let count = 0; count < mostPages; count += 1) {
    const query = { fields, limit: String(perPage), ...(after && { after }) }
    const url = endpoint(account, [account.businessAccountId, 'message_templates'], query)
    const answer = await call({ method: 'GET', url, headers: authorization(account) })
    if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
    if (answer.status >= 300) return { kind: 'unreachable', code: refusedIn(answer).code }
    const parsed = page.safeParse(answer.body)
    if (!parsed.success) return { kind: 'unreachable', code: 'no-list' }
    templates.push(...parsed.data.data.map(toState))
    // The last page has a cursor too, but no next page.
    after = parsed.data.paging?.next && parsed.data.paging.cursors?.after
    if (!after) return { kind: 'templates', templates }
  }
  return { kind: 'unreachable', code: 'too-many-pages' }
}

type Listed = z.infer<typeof page>['data'][number]

function toState({ id, name, language, status, category, rejected_reason: because }: Listed): TemplateState {
  return {
    ...{ id, name, language, status: approvalOf(status) },
    ...(category && { category }),
    ...(because && { because }),
  }
}

export const templates: TemplateDesk<Account> = { submit, list }
