/** Which of the clinic's senders carries a message. */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'

export interface SenderFacts {
  id: string
  channel: Channel
  address: Address
}

/** An answer goes out from the address that the patient wrote to; else the first sender of the channel. */
export function chooseSender<S extends SenderFacts>(
  senders: S[],
  channel: Channel,
  writtenTo?: Address,
): S | undefined {
  const fitting = senders.filter((sender) => sender.channel === channel)
  return fitting.find((sender) => sender.address === writtenTo) ?? fitting[0]
}
