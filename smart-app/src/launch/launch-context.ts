/**
 * What the host says beside the patient when it opens us: what for (`intent`), and about what (`fhirContext`).
 * https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token
 */
import { z } from 'zod'
import type { Reference } from '../../../src/domain/message-request.ts'
import { fromAnyReference, typeOf } from '../../../src/fhir/reference.ts'

export interface LaunchContext {
  /** `thread`: to read. `compose`: to write. */
  intent: 'thread' | 'compose'
  /** The host asked for what is not there yet; the screen says so. */
  lacks?: 'inbox'
  /** The appointment that the chart was opened from. */
  visit?: Reference
}

const said = z.object({
  intent: z.string().optional().catch(undefined),
  fhirContext: z.array(z.unknown()).default([]).catch([]),
})
const named = z.object({ reference: z.string() })

/** Whatever is odd, or not for us, is left out: the conversation opens all the same. */
export function readContext(tokenResponse: unknown): LaunchContext {
  const { intent, fhirContext } = said.parse(tokenResponse ?? {})
  const references = fhirContext.flatMap((one) => {
    const reference = fromAnyReference(named.safeParse(one).data?.reference)
    return reference ? [reference] : []
  })
  const visit = references.find((one) => typeOf(one) === 'Appointment')
  return {
    intent: intent === 'compose' ? 'compose' : 'thread',
    ...(intent === 'inbox' && { lacks: 'inbox' as const }),
    ...(visit && { visit }),
  }
}
