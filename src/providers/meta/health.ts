/** "Test connection": is the token right, is this the number, may it send. */
import { z } from 'zod'
import { parseDisplayNumber } from '../../domain/whatsapp-id.ts'
import { type Answer, call } from '../call.ts'
import type { Health } from '../provider.ts'
import { codeOf } from '../refusal.ts'
import { type Account, authorization, endpoint } from './account.ts'
import { mayPass, refusedIn } from './codes.ts'

const fields = 'id,display_phone_number,quality_rating,health_status'

/** An entity is the number, its business account, the app …; each may block the whole. */
const phoneNumber = z.object({
  display_phone_number: z.string(),
  quality_rating: z.unknown().optional().transform(codeOf),
  health_status: z
    .object({
      can_send_message: z.string(),
      entities: z
        .array(
          z.object({
            can_send_message: z.string().optional(),
            errors: z.array(z.object({ error_code: z.unknown().optional().transform(codeOf) })).optional(),
          }),
        )
        .optional(),
    })
    .optional()
    .catch(undefined),
})
type PhoneNumber = z.infer<typeof phoneNumber>

export async function checkHealth({ address }: { address: string }, account: Account): Promise<Health> {
  const url = endpoint(account, [account.phoneNumberId], { fields })
  const answer = await call({ method: 'GET', url, headers: authorization(account) })
  return answer.kind === 'answer' ? toHealth(answer, address) : { kind: 'unreachable', code: answer.code }
}

export function toHealth(answer: Omit<Answer, 'kind'>, address: string): Health {
  if (answer.status >= 300) return toIllness(answer)
  const parsed = phoneNumber.safeParse(answer.body)
  if (!parsed.success) return { kind: 'unreachable', code: 'no-phone-number' }
  const { display_phone_number: shown, quality_rating: quality } = parsed.data
  // Credentials of one number in the settings of another.
  if (parseDisplayNumber(shown) !== parseDisplayNumber(address))
    return { kind: 'misconfigured', code: 'other-number' }
  switch (parsed.data.health_status?.can_send_message) {
    case 'BLOCKED':
      return { kind: 'misconfigured', code: errorCode(parsed.data, 'BLOCKED') ?? 'blocked' }
    case 'LIMITED':
      return { kind: 'limited', code: errorCode(parsed.data, 'LIMITED') ?? 'limited' }
    default:
      // Red is the step before the company lowers the limit.
      if (quality === 'RED') return { kind: 'limited', code: 'quality-red' }
      return { kind: 'healthy', ...(quality && { quality }) }
  }
}

function errorCode({ health_status }: PhoneNumber, status: string): string | undefined {
  const entities = health_status?.entities ?? []
  const guilty = entities.filter(({ can_send_message }) => can_send_message === status)
  return guilty.flatMap(({ errors = [] }) => errors).find(({ error_code }) => error_code)?.error_code
}

function toIllness(answer: Omit<Answer, 'kind'>): Health {
  const { meaning, code } = refusedIn(answer)
  return { kind: mayPass(meaning) ? 'unreachable' : 'misconfigured', code }
}
