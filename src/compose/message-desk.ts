/** The API's words, carried out by the flows of one install. */
import type { MessageOrder } from '../contract/messages.ts'
import { parseInstant } from '../domain/time.ts'
import { idOf } from '../fhir/reference.ts'
import type { Entry } from '../flows/find-recipients.ts'
import { listTemplates } from '../flows/list-templates.ts'
import type { MessageOrder as FlowOrder } from '../flows/message-order.ts'
import { messageStatus } from '../flows/message-status.ts'
import type { World } from '../flows/ports.ts'
import { retryMessage } from '../flows/retry-message.ts'
import { listSenders, testSender } from '../flows/test-sender.ts'
import { writeMessages } from '../flows/write-messages.ts'
import type { CallIdentity } from '../http/api/call-identity.ts'
import type { MessageDesk, Written } from '../http/api/message-desk.ts'

export function createMessageDesk(world: World): MessageDesk {
  return {
    write: (order, call) => writeOrder(world, { order, entries: entriesOf(order), call }),
    status: (id) => messageStatus(world, id),
    async retry(id, { until }) {
      const retried = await retryMessage(world, id, { until: parseInstant(until) })
      if (retried.kind !== 'retried') return retried
      return { kind: 'retried', id, to: retried.patient, status: 'active', round: retried.round }
    },
    senders: () => listSenders(world),
    templates: () => listTemplates(world),
    testSender: (id) => testSender(world, id),
  }
}

/** `entries` may each have values of their own. */
export async function writeOrder(
  world: World,
  { order, entries, call }: { order: Omit<MessageOrder, 'to'>; entries: Entry[]; call: CallIdentity },
): Promise<Written> {
  const { channels, priority, category, visit } = order
  const written = await writeMessages(world, {
    ...{ entries, content: contentOf(order), channels, priority, category, visit, call },
    at: parseInstant(order.at),
    until: parseInstant(order.until),
  })
  if (written.kind !== 'written') return written
  const messages = written.messages.map(({ reference, patient, status }) => ({
    ...{ id: idOf(reference), to: patient, status },
  }))
  return { ...written, messages }
}

function entriesOf({ to, parameters = {} }: MessageOrder): Entry[] {
  return [to].flat().map((one) => ({ to: one, parameters }))
}

function contentOf({ template, file, text = '' }: Omit<MessageOrder, 'to'>): FlowOrder['content'] {
  if (template !== undefined) return { kind: 'template', name: template }
  return file === undefined ? { kind: 'text', text } : { kind: 'file', file, ...(text && { text }) }
}
