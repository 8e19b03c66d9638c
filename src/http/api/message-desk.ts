/** What the API does with messages and senders. `compose` fills it from the flows; the command line uses the same. */
import type {
  MessageOrder,
  MessageStatus,
  OrderedMessages,
  RefusedRecipient,
  RetriedMessage,
  SenderState,
  SenderTest,
  TemplateStates,
} from '../../contract/messages.ts'
import type { CallIdentity } from './call-identity.ts'

export type Written =
  | ({ kind: 'written'; isNew: boolean; hurried: boolean } & OrderedMessages)
  | { kind: 'refused'; error: string; refused: RefusedRecipient[] }
  | { kind: 'conflict'; error: string }

export type Retried =
  | ({ kind: 'retried' } & RetriedMessage)
  | { kind: 'refused'; error: string }
  | { kind: 'missing' }

/** All of them throw `EmrError` while the store or the EMR cannot answer. */
export interface MessageDesk {
  /** All or nothing. */
  write(order: MessageOrder, call: CallIdentity): Promise<Written>
  /** `undefined` when there is no such message of ours. */
  status(id: string): Promise<MessageStatus | undefined>
  retry(id: string, wish: { until?: string }): Promise<Retried>
  senders(): Promise<SenderState[]>
  templates(): Promise<TemplateStates>
  testSender(id: string): Promise<({ kind: 'tested' } & SenderTest) | { kind: 'missing'; error: string }>
}
