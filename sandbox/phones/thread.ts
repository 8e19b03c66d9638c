/** A phone's messages as a person sees them: a reaction is no line of its own, but hangs on what it belongs to. */
import type { PhoneMessage } from './ledger.ts'

/** Without reactions to something that is here. */
export function linesOf(messages: readonly PhoneMessage[]): PhoneMessage[] {
  return messages.filter((message) => lineOf(message, messages) === message)
}

/** The line that shows this message: its own, or that of what it is a reaction to. */
export function lineOf(message: PhoneMessage, messages: readonly PhoneMessage[]): PhoneMessage {
  const { reaction } = message
  if (!reaction) return message
  return messages.find(({ id }) => id === reaction.toMessage) ?? message
}

/** What each side says to it by an emoji; only the latest of a side counts. */
export function reactionsTo({ id }: PhoneMessage, messages: readonly PhoneMessage[]): PhoneMessage[] {
  const directions: PhoneMessage['direction'][] = ['to-patient', 'to-clinic']
  return directions.flatMap((direction) => {
    const latest = messages.findLast((one) => one.direction === direction && one.reaction?.toMessage === id)
    return latest?.reaction?.emoji ? [latest] : []
  })
}

/** What it quotes. Mail programs name what they answer, but do not show it. */
export function quotedBy(message: PhoneMessage, messages: readonly PhoneMessage[]): PhoneMessage | undefined {
  const quoted = message.direction === 'to-patient' ? message.replyTo : message.inReplyTo
  if (quoted === undefined || message.channel === 'email') return undefined
  return messages.find(({ id }) => id === quoted)
}

/** In one line. */
export function gistOf({ text, file, reaction, subject }: PhoneMessage): string {
  if (reaction) return reaction.emoji ? `Reacted ${reaction.emoji}` : 'Took a reaction back'
  const words = text || subject || ''
  if (!file) return words
  return words ? `File: ${words}` : `File: ${file.name ?? 'without a name'}`
}
