/** What the clinic's senders carry on a channel, together. Where the backend does not tell, nothing beyond text is offered. */
import type { Channel } from '../../../src/domain/channel.ts'
import type { FileKind } from '../../../src/domain/outgoing.ts'
import type { SenderFacts } from '../../../src/domain/sender-choice.ts'

export interface Carried {
  files: FileKind[]
  reactions: boolean
  quotes: boolean
}

export function carriedOn(channel: Channel, senders: SenderFacts[]): Carried {
  const told = senders.flatMap((one) => (one.channel === channel && one.carries ? [one.carries] : []))
  return {
    files: [...new Set(told.flatMap(({ files }) => files))],
    reactions: told.some(({ reactions }) => reactions),
    quotes: told.some(({ quotes }) => quotes),
  }
}

/** The channels of a plan on which a file of this kind can go. */
export function carrying(kind: FileKind, plan: Channel[], senders: SenderFacts[]): Channel[] {
  return plan.filter((channel) => carriedOn(channel, senders).files.includes(kind))
}
