/**
 * What became of a campaign, by the carrier's ledger first: it alone knows what reached people. Addresses tell, not our
 * own ids: each request of a campaign has an address of its own.
 */
import type { CommunicationRequest } from 'fhir/r4'
import type { Campaign } from '../rig/campaign.ts'
import type { Rig } from '../rig/rig.ts'

export interface Verdict {
  requests: number
  /** Messages that the carrier took. */
  accepted: number
  /** Neither on the ledger nor ended in the store with a reason. */
  lost: number
  /** Messages beyond the first to the same address. */
  doubled: number
  /** The store says sent and the ledger does not, or the other way round. */
  untrue: number
  /** Attempts of which nobody knows yet what became of them. */
  open: number
}

export async function judge({ store, carrier }: Rig, { marks }: Campaign): Promise<Verdict> {
  const times = countBy((await carrier.ledger()).map(({ mark }) => mark))
  const requests = await store.search<CommunicationRequest>('CommunicationRequest?_sort=_id')
  const found = new Map(requests.map((request) => [request.id ?? '', request]))
  const judged = [...marks].map(([id, mark]) => ({ sent: times.get(mark) ?? 0, request: found.get(id) }))
  return {
    requests: marks.size,
    accepted: judged.reduce((sum, { sent }) => sum + sent, 0),
    lost: judged.filter(({ sent, request }) => sent === 0 && !hasEnded(request)).length,
    doubled: judged.reduce((sum, { sent }) => sum + Math.max(0, sent - 1), 0),
    untrue: judged.filter(({ sent, request }) => sent > 0 !== (request?.status === 'completed')).length,
    open: await store.count('Communication?status=unknown,preparation'),
  }
}

/** Of those who keep no store. */
export async function judgeByLedger({ carrier }: Rig, { marks }: Campaign) {
  const times = countBy((await carrier.ledger()).map(({ mark }) => mark))
  const sent = [...marks.values()].map((mark) => times.get(mark) ?? 0)
  return {
    lost: sent.filter((count) => count === 0).length,
    doubled: sent.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  }
}

function hasEnded(request: CommunicationRequest | undefined): boolean {
  return request?.status === 'revoked' && request.statusReason !== undefined
}

function countBy(marks: string[]): Map<string, number> {
  const counted = new Map<string, number>()
  for (const mark of marks) counted.set(mark, (counted.get(mark) ?? 0) + 1)
  return counted
}
