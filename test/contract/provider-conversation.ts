/** What a contract test of a provider needs of its company, and how the suite talks to both. */
import { expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { DeliveryState, Outcome, ProviderEvent } from '../../src/domain/outcome.ts'
import type { OutgoingMessage, Provider, RawWebhook } from '../../src/providers/provider.ts'

/** The company, its own records, and what it calls us with. */
export interface Company<Credentials> {
  credentials: Credentials
  /** Of our account; none of them may come out again. */
  secrets: string[]
  /** What the company took under the attempt's id, as it has it. */
  taken(
    outgoing: OutgoingMessage,
  ): Promise<{ providerId: string; to: string; text: string; subject?: string }[]>
  /** Where the company can reach us, for this attempt. */
  callbackUrl(attemptId: string): string
  /** A patient writes to the sender of the channel. */
  write(channel: Channel, from: Address, text: string): Promise<void>
  /** All webhooks so far, raw, in order. */
  webhooks(): RawWebhook[]
  stop(): Promise<void>
}

export type Ability =
  | 'refuses'
  | 'throttles'
  | 'signs'
  | 'reports delivery'
  | 'takes answers'
  | 'takes subjects'

export interface ProviderCases<Credentials> {
  start(): Promise<Company<Credentials>>
  /** The same account, with the API at another address. */
  pointedAt(credentials: Credentials, baseUrl: string): Credentials
  senders: Partial<Record<Channel, Address>>
  /** People who get everything. */
  recipients: Partial<Record<Channel, Address>>
  /** Recipients that the company documents for tests, and what it answers, one send after the other. */
  answers: { when: string; channel: Channel; to: Address; wanted: Partial<Outcome>[] }[]
  /** What becomes of what was accepted: the states that are reported, in order. */
  endings: { when: string; channel: Channel; to: Address; wanted: DeliveryState[] }[]
  /** The same for `recipients`. */
  usual: Partial<Record<Channel, DeliveryState[]>>
  exceptions: { what: Ability; because: string }[]
}

export const texts: [string, string][] = [
  ['plain', 'Your visit is tomorrow at 10:00.'],
  ['emoji', 'See you 👩🏽‍⚕️👍🏿 🇦🇪'],
  ['Arabic', 'موعدك غدًا الساعة ١٠:٠٠ في العيادة، هل ستحضر؟'],
  ['Hindi', 'कल सुबह 10 बजे आपकी अपॉइंटमेंट है। उत्तर दें 1'],
  ['signs', '{"a":"b"}&c=d%20<e> \\n \u00a0“f” €[]^'],
  ['lines', 'one\ntwo\n\nthree'],
  ['1,600 characters', `${'قاصد 😀 '.repeat(200).slice(0, 1_599)}.`],
]

export interface Wish extends Partial<OutgoingMessage> {
  channel: Channel
}

export type Conversation<C> = ReturnType<typeof createConversation<C>>

export function createConversation<C>(
  provider: Provider<C>,
  cases: ProviderCases<C>,
  company: () => Company<C>,
) {
  let count = 0
  const message = ({ channel, ...wish }: Wish): OutgoingMessage => {
    const attemptId = `attempt-${provider.id}-${++count}`
    const callbackUrl = company().callbackUrl(attemptId)
    const from = cases.senders[channel] ?? ('' as Address)
    const to = cases.recipients[channel] ?? ('' as Address)
    return { attemptId, channel, from, to, text: 'Your visit is tomorrow.', callbackUrl, ...wish }
  }
  const send = async (outgoing: OutgoingMessage, baseUrl?: string): Promise<Outcome> => {
    const { credentials, secrets } = company()
    const given = baseUrl === undefined ? credentials : cases.pointedAt(credentials, baseUrl)
    const outcome = await provider.send(outgoing, given)
    // Outcomes end in resources, logs and metrics.
    for (const secret of [...secrets, outgoing.text, outgoing.to])
      expect(JSON.stringify(outcome)).not.toContain(secret)
    return outcome
  }
  return {
    company,
    message,
    send,
    /** Webhooks that came for this attempt. */
    reports: ({ attemptId }: OutgoingMessage) =>
      company()
        .webhooks()
        .filter(({ url }) => new URL(url).searchParams.get('attempt') === attemptId),
    read: (webhook: RawWebhook): ProviderEvent[] => {
      expect(provider.verify(webhook, company().credentials)).toEqual({ kind: 'valid' })
      const parsed = provider.parse(webhook)
      if (parsed.kind !== 'events') throw new Error(`It is called malformed: ${parsed.because}`)
      return parsed.events
    },
  }
}

/** A test for those who can, skipped with the reason for those who cannot. */
export function able<C>({ exceptions }: ProviderCases<C>, what: Ability) {
  return (name: string, story: () => Promise<void> | void) =>
    it(name, async (context) => {
      const exception = exceptions.find((one) => one.what === what)
      if (exception) context.skip(exception.because)
      await story()
    })
}
