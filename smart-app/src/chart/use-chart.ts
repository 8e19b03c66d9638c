/** The whole chart for the screens: what is read so far, and what could not be. */
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Channel } from '../../../src/domain/channel.ts'
import type { ConsentRecord } from '../../../src/domain/consent.ts'
import type { MessageRequest } from '../../../src/domain/message-request.ts'
import type { Person } from '../../../src/domain/person.ts'
import type { Visit } from '../../../src/domain/visit.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'
import { useLaunched } from '../launch/launched.ts'
import { chartQueries } from './chart-queries.ts'
import { HostError } from './fhir-host.ts'

/** `expired`: the host's token has ended. `refused`: this clinician may not read all of it. */
export type ChartTrouble = 'expired' | 'refused' | 'unread'

/** `unread`: it could not be read, which is not the same as being empty. */
export type PartState = 'loading' | 'read' | 'unread'

export interface ChartFacts {
  /** Of messages and requests together: one without the other would mislead. */
  conversation: PartState
  /** Of all that says where we may write. */
  permission: PartState
  schedule: PartState
  person?: Person
  /** Empty until read. */
  messages: ThreadMessage[]
  requests: MessageRequest[]
  consents?: ConsentRecord[]
  hostOptOuts?: Channel[]
  visits?: Visit[]
  trouble?: ChartTrouble
  again(): void
}

const none: never[] = []

export function useChart(): ChartFacts {
  const { reader, now } = useLaunched()
  const queries = useQueryClient()
  const parts = useMemo(() => chartQueries(reader, now), [reader, now])
  const [person, messages, requests, consents, optOuts, visits] = useQueries({
    queries: [parts.person, parts.messages, parts.requests, parts.consents, parts.hostOptOuts, parts.visits],
  })
  const errors = [person, messages, requests, consents, optOuts, visits].map((part) => part.error)
  return {
    conversation: together(messages, requests),
    permission: together(person, consents, optOuts),
    schedule: together(visits),
    person: person.data,
    messages: messages.data ?? none,
    requests: requests.data ?? none,
    consents: consents.data,
    hostOptOuts: optOuts.data,
    visits: visits.data,
    trouble: troubleIn(errors),
    again: () => queries.invalidateQueries(),
  }
}

/** What was read once stays read, however the next try ends. */
function together(...parts: { data: unknown; isError: boolean }[]): PartState {
  const missing = parts.filter((part) => part.data === undefined)
  if (missing.length === 0) return 'read'
  return missing.some((part) => part.isError) ? 'unread' : 'loading'
}

export function troubleIn(errors: (Error | null)[]): ChartTrouble | undefined {
  const found = errors.filter((error) => error !== null)
  const statuses = found.map((error) => (error instanceof HostError ? error.status : undefined))
  if (statuses.includes(401)) return 'expired'
  if (statuses.includes(403)) return 'refused'
  return found.length > 0 ? 'unread' : undefined
}
