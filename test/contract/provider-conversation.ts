/** What a contract test of a provider needs of its company, and how the suite talks to both. */
import { expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { DeliveryState, Outcome, ProviderEvent } from '../../src/domain/outcome.ts'
import type { OutgoingContent } from '../../src/domain/outgoing.ts'
import { instant, minute } from '../../src/domain/time.ts'
import type {
  OutgoingMessage,
  Provider,
  RawWebhook,
  TemplateSubmission,
} from '../../src/providers/provider.ts'

/** What the company took, as it has it. */
export interface Taken {
  providerId: string
  to: string
  /** Of a file: its caption. */
  text?: string
  subject?: string
  template?: { name: string; language: string; values: string[] }
  file?: { contentType: string; name?: string; size: number }
  reaction?: { emoji: string; toMessage: string }
  replyTo?: string
}

/** What a patient does at the phone. */
export interface Said {
  text?: string
  file?: { contentType: string; name: string; bytes: Uint8Array }
  reaction?: { emoji: string; toMessage: string }
  inReplyTo?: string
}

/** The company, its own records, and what it calls us with. */
export interface Company<Credentials> {
  credentials: Credentials
  /** Of our account; none of them may come out again. */
  secrets: string[]
  /** What the company took under the attempt's id. */
  taken(outgoing: OutgoingMessage): Promise<Taken[]>
  /** Where the company can reach us, for this attempt. */
  callbackUrl(attemptId: string): string
  /** A patient writes to the sender of the channel. */
  write(channel: Channel, from: Address, said: Said): Promise<void>
  /** What an admin does in the company's console, where templates cannot be submitted by program. */
  submit?(template: TemplateSubmission): Promise<void>
  /** Lets the company approve or reject what was submitted; missing where it has no templates. */
  judge?(template: string, decision: 'approve' | 'reject'): Promise<void>
  /** Whether the company has forgotten what this message said; missing where it never does. */
  forgot?(providerId: string): Promise<boolean>
  /** All webhooks so far, raw, in order. */
  webhooks(): RawWebhook[]
  stop(): Promise<void>
}

/** Beyond what `carries` says of itself. */
export type Ability =
  | 'refuses'
  | 'throttles'
  | 'signs'
  | 'reports delivery'
  | 'tells the attempt'
  | 'takes answers'
  | 'takes subjects'
  | 'looks up'
  | 'redacts'
  | 'answers by HTTP'
  | 'says how long'
  | 'keeps line ends'
  | 'submits templates'
  | 'tells a refused template apart'

export interface ProviderCases<Credentials> {
  start(): Promise<Company<Credentials>>
  /** The same account, with the API at another address. */
  pointedAt(credentials: Credentials, baseUrl: string): Credentials
  /** The same account with a wrong token; for the health check and a send. */
  mistaken(credentials: Credentials): Credentials
  /** Another account of the company that proves its webhooks with the same secret, where there can be one. */
  neighbour?(credentials: Credentials): Credentials
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

export interface Wish extends Partial<Omit<OutgoingMessage, 'content'>> {
  channel: Channel
  content?: OutgoingContent
  text?: string
}

export type Conversation<C> = ReturnType<typeof createConversation<C>>

export function createConversation<C>(
  provider: Provider<C>,
  cases: ProviderCases<C>,
  company: () => Company<C>,
) {
  let count = 0
  const message = ({ channel, text = 'Your visit is tomorrow.', ...wish }: Wish): OutgoingMessage => {
    const attemptId = `attempt-${provider.id}-${++count}`
    const callbackUrl = company().callbackUrl(attemptId)
    const from = cases.senders[channel] ?? ('' as Address)
    const to = cases.recipients[channel] ?? ('' as Address)
    return { attemptId, channel, from, to, content: { kind: 'text', text }, callbackUrl, ...wish }
  }
  const send = async (outgoing: OutgoingMessage, given = company().credentials): Promise<Outcome> => {
    const outcome = await provider.send(outgoing, given)
    // Outcomes end in resources, logs and metrics.
    for (const secret of [...company().secrets, outgoing.to, ...wordsOf(outgoing)])
      expect(JSON.stringify(outcome)).not.toContain(secret)
    return outcome
  }
  const isValid = async (webhook: RawWebhook) =>
    expect(await provider.verify(webhook, company().credentials)).toEqual({ kind: 'valid' })
  const read = async (webhook: RawWebhook): Promise<ProviderEvent[]> => {
    await isValid(webhook)
    const parsed = await provider.parse(webhook, instant(Date.UTC(2026, 10, 20)), company().credentials)
    if (parsed.kind !== 'events') throw new Error(`It is called malformed: ${parsed.because}`)
    return parsed.events
  }
  return {
    company,
    message,
    send,
    lacks: (what: Ability) => cases.exceptions.some((one) => one.what === what),
    sendAt: (outgoing: OutgoingMessage, baseUrl: string) =>
      send(outgoing, cases.pointedAt(company().credentials, baseUrl)),
    lookUp: async ({ attemptId, channel, from, to, content }: OutgoingMessage, providerId?: string) => {
      const text = content.kind === 'text' ? content.text : ''
      const claimedAt = instant(Date.now() - minute)
      const wanted = {
        attemptId,
        providerId,
        channel,
        from,
        to,
        text,
        claimedAt,
        askedAt: instant(Date.now()),
      }
      const found = await provider.lookUp?.(wanted, company().credentials)
      for (const secret of [...company().secrets, to, text].filter(Boolean))
        expect(JSON.stringify(found ?? '')).not.toContain(secret)
      return found
    },
    read,
    /** Everything that the company has told so far. */
    heard: async (): Promise<ProviderEvent[]> => (await Promise.all(company().webhooks().map(read))).flat(),
  }
}

/** What no outcome may repeat; a word as short as an emoji may stand anywhere by chance. */
function wordsOf({ content }: OutgoingMessage): string[] {
  const words = {
    text: () => [content.kind === 'text' ? content.text : ''],
    template: () => (content.kind === 'template' ? content.template.values : []),
    file: () => (content.kind === 'file' ? [content.file.url, content.caption ?? ''] : []),
    reaction: () => [],
  }[content.kind]()
  return words.filter((word) => word.length > 3)
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
