/** Which message another one is about: what it quotes, or what its emoji is put on. */
import type { Reference } from '../../../src/domain/message-request.ts'
import type { ThreadFile, ThreadMessage } from '../../../src/fhir/communication.ts'

export interface Targets {
  byReference: Map<Reference, ThreadMessage>
  /** By the provider's own ids: that is all that a patient's phone tells. */
  byProviderId: Map<string, ThreadMessage>
}

export function targetsIn(messages: ThreadMessage[]): Targets {
  return {
    byReference: new Map(messages.map((one) => [one.reference, one])),
    byProviderId: new Map(messages.flatMap((one) => (one.providerId ? [[one.providerId, one]] : []))),
  }
}

/** `undefined` when it is about none, or about one that is not in this conversation. */
export function targetOf(
  { direction, answers, quotes }: Pick<ThreadMessage, 'direction' | 'answers' | 'quotes'>,
  { byReference, byProviderId }: Targets,
): ThreadMessage | undefined {
  if (direction === 'in') return quotes === undefined ? undefined : byProviderId.get(quotes)
  return answers === undefined ? undefined : byReference.get(answers)
}

/** What stands above a message that quotes another. */
export interface Quote {
  direction: 'out' | 'in'
  text?: string
  file?: ThreadFile
}

export function quoteFrom(message: ThreadMessage | undefined): Quote | undefined {
  if (!message) return undefined
  const { direction, text, files } = message
  return { direction, ...(text && { text }), ...(files?.[0] && { file: files[0] }) }
}
