/** What an exception of the SDK says, or anything else that was thrown. Its message may hold numbers, and is left alone. */
import { z } from 'zod'
import { codeOf } from '../refusal.ts'

const word = z.unknown().optional().transform(codeOf)
const exceptionBody = z
  .object({
    name: word,
    Reason: word,
    code: word,
    Fields: z
      .array(z.object({ Name: z.string() }))
      .optional()
      .catch(undefined),
    $metadata: z.object({ httpStatusCode: z.number() }).optional().catch(undefined),
  })
  .catch({ name: undefined, Reason: undefined, code: undefined })

export interface Exception {
  /** What is wrong, where it says so itself. */
  reason?: string
  /** From the most telling: what is wrong, what kind of wrong it is, the code of a broken connection. */
  words: string[]
  /** Names of the request's fields that are at fault. */
  fields: string[]
  /** 0 where nothing was answered. */
  status: number
}

export function readException(error: unknown): Exception {
  const { name, Reason, code, Fields = [], $metadata } = exceptionBody.parse(error)
  return {
    ...(Reason && { reason: Reason }),
    words: [Reason, name, code].filter((one) => one !== undefined),
    fields: Fields.map(({ Name }) => Name),
    status: $metadata?.httpStatusCode ?? 0,
  }
}
