/** A carrier with a ledger of its own: what it was really given, whatever we wrote about it. */

import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { naming } from '../../src/fhir/codes.ts'
import type { Sender } from '../../src/flows/ports.ts'

export interface Carried {
  attemptId: string
  channel: Channel
  to: Address
  text: string
  subject?: string
  providerId: string
}

/** `dies` takes the message and never answers, as a worker that is killed sees it. */
export type Whim = Outcome | 'dies'

export interface FakeCarrier {
  ledger: Carried[]
  senders: Sender[]
  /** The next sends answer so, first come first served; then everything is accepted again. */
  next(...whims: Whim[]): void
}

export class Died extends Error {}

export function createFakeCarrier(): FakeCarrier {
  const ledger: Carried[] = []
  const whims: Whim[] = []

  const sender = (id: string, channel: Channel, address: string): Sender => ({
    ...{
      id,
      channel,
      address: address as Address,
      provider: 'sandbox',
      messageIdSystem: naming.sandboxMessageId,
    },
    async send(message) {
      const whim = whims.shift()
      const providerId = `SB${ledger.length + 1}`
      const takes =
        whim === undefined || whim === 'dies' || whim.kind === 'accepted' || whim.kind === 'unknown'
      if (takes) ledger.push({ ...message, channel, providerId })
      if (whim === 'dies') throw new Died('the worker was killed')
      return whim ?? { kind: 'accepted', providerId, segments: 1 }
    },
  })

  return {
    ledger,
    senders: [
      sender('whatsapp', 'whatsapp', '+15550100001'),
      sender('sms', 'sms', '+15550100002'),
      sender('email', 'email', 'hello@clinic.example'),
    ],
    next: (...more) => void whims.push(...more),
  }
}
