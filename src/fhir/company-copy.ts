/** What a company knows a message by, also once its content was removed here. */
import type { Communication } from 'fhir/r4'
import { fromAttempt } from './attempt.ts'
import { extension } from './codes.ts'
import { extensionOf } from './concept.ts'
import { fromInboundShell } from './inbound.ts'

export interface CompanyCopy {
  /** The company's own, with its NamingSystem. */
  providerId: { system: string; value: string }
  /** Id of the sender that it went through. */
  sender?: string
  /** Of ours, that the patient wrote to. */
  address?: string
}

/** `undefined` where no company ever took it, or nobody knows whether one did. */
export function companyCopyOf(message: Communication): CompanyCopy | undefined {
  const attempt = fromAttempt(message)
  if (attempt) return attempt.providerId && { providerId: attempt.providerId, sender: attempt.sender }
  const shell = fromInboundShell(message)
  if (!shell) return undefined
  const points = extensionOf(message, extension.contactPoints)
  return { providerId: shell.providerId, address: extensionOf(points, 'to')?.valueContactPoint?.value }
}
