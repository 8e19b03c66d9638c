/** The whole chart for the screens: what is read so far, and what could not be. */
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Channel } from '../../../src/domain/channel.ts'
import type { ConsentRecord } from '../../../src/domain/consent.ts'
import type { MessageRequest } from '../../../src/domain/message-request.ts'
import type { Person } from '../../../src/domain/person.ts'
import type { Visit } from '../../../src/domain/visit.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'
import type { ChartPart, Grant } from '../launch/granted-scopes.ts'
import { useLaunched } from '../launch/launched.ts'
import { chartQueries } from './chart-queries.ts'
import { HostError } from './fhir-host.ts'

/** `expired`: the host's token has ended. `refused`: this clinician may not read all of it. */
export type ChartTrouble = 'expired' | 'refused' | 'unread'

/** `unread`: it could not be read, which is not the same as being empty. `withheld`: the host did not let us ask. */
export type PartState = 'loading' | 'read' | 'unread' | 'withheld'

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
  const { reader, now, shown } = useLaunched()
  const queries = useQueryClient()
  const parts = useMemo(() => chartQueries(reader, now), [reader, now])
  // What we were not granted is not asked for: each time would be a refusal in the host's log.
  const allowed = <T extends object>(part: T, type: ChartPart) => ({
    ...part,
    enabled: shown[type] !== 'none',
  })
  const [person, messages, requests, consents, optOuts, visits] = useQueries({
    queries: [
      allowed(parts.person, 'Patient'),
      allowed(parts.messages, 'Communication'),
      allowed(parts.requests, 'CommunicationRequest'),
      allowed(parts.consents, 'Consent'),
      allowed(parts.hostOptOuts, 'CommunicationRequest'),
      allowed(parts.visits, 'Appointment'),
    ],
  })
  const errors = [person, messages, requests, consents, optOuts, visits].map((part) => part.error)
  return {
    ...statesOf({ person, messages, requests, consents, optOuts, visits }, shown),
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

interface Part {
  data: unknown
  isError: boolean
}

/** Conversation: one of the two without the other would mislead. Permission: all that says where we may write. */
export function statesOf(
  parts: Record<'person' | 'messages' | 'requests' | 'consents' | 'optOuts' | 'visits', Part>,
  shown: Record<ChartPart, Grant>,
): Pick<ChartFacts, 'conversation' | 'permission' | 'schedule'> {
  const { person, messages, requests, consents, optOuts, visits } = parts
  const unless = (types: ChartPart[], state: PartState) =>
    types.some((type) => shown[type] === 'none') ? 'withheld' : state
  return {
    conversation: unless(['Communication', 'CommunicationRequest'], together(messages, requests)),
    permission: unless(['Patient', 'Consent', 'CommunicationRequest'], together(person, consents, optOuts)),
    schedule: unless(['Appointment'], together(visits)),
  }
}

/** What was read once stays read, however the next try ends. */
function together(...parts: Part[]): PartState {
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
