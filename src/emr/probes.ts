/**
 * Small things asked of a server, to see what it really does. Whatever is written is removed again; what a server would
 * not let us remove is never written. How each is tried stands in `probe-visits.ts` and `probe-records.ts`.
 */
import type { Probing } from '../flows/install-ports.ts'
import { EmrError } from '../flows/ports.ts'
import type { FhirServer } from './fhir-call.ts'
import { createEmr } from './fhir-server.ts'
import type { Bench, End, ProbeName } from './probe-bench.ts'
import { triesOfRecords } from './probe-records.ts'
import { triesOfVisits } from './probe-visits.ts'

type Found = Awaited<ReturnType<Probing>>['probes'][number]

const ofHost: ProbeName[] = [
  ...(['read-patient', 'visits-by-date', 'visits-by-location', 'visits-by-practitioner'] as const),
  ...(['visits-by-patient', 'visits-by-change', 'topic-subscription', 'subscription'] as const),
]
const ofRecords: ProbeName[] = ['conditional-create', 'batch', 'transaction']

/** HAPI makes a Subscription active within five seconds, and one that it will not serve never. */
const patience = { looks: 30, pauseFor: 500 }

/** `looks`: how often a new Subscription is read again; `pauseFor`: milliseconds before each. */
export function createProbing(server: FhirServer, { looks, pauseFor } = patience): Probing {
  return async (wish) => {
    const emr = createEmr({ ...server, ...(wish.hostBase && { hostBase: wish.hostBase }) })
    const probes: Found[] = []
    const bench: Bench = { server, emr, wish, looks, pauseFor, left: [], done: probes }
    const names = [
      ...(wish.role === 'host' ? ofHost : []),
      ...(wish.keepsRecords ? ofRecords : []),
      ...(wish.hostBase ? (['foreign-reference'] as const) : []),
    ]
    for (const name of names) {
      const probe = { name, end: await probed(() => ({ ...triesOfVisits, ...triesOfRecords })[name](bench)) }
      wish.onProbe(probe)
      probes.push(probe)
    }
    return { probes, left: bench.left }
  }
}

async function probed(attempt: () => Promise<End>): Promise<End> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    const { status } = error
    if (status !== undefined && status < 500) return { kind: 'refused', code: String(status) }
    return { kind: 'failed', code: status === undefined ? 'no-answer' : String(status) }
  }
}
