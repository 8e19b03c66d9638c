/** How a host lets its patients and visits be found, in the order in which a worker would ask, and whether it tells of changes. */
import { setTimeout as wait } from 'node:timers/promises'
import { toSubscription } from '../fhir/subscription.ts'
import { EmrError } from '../flows/ports.ts'
import type { ResourceType } from './interaction.ts'
import {
  type Bench,
  cannotBeRemoved,
  type End,
  mayRemove,
  nothingToRead,
  notNeeded,
  notOffered,
  offered,
  type ProbeName,
  type Tries,
  takeBack,
  worked,
} from './probe-bench.ts'

/** The last second of 1999: nobody's visits, and yet the whole question. */
const days = { date: ['ge1999-12-31T23:59:58Z', 'lt1999-12-31T23:59:59Z'] }

type Name =
  | 'read-patient'
  | 'visits-by-date'
  | 'visits-by-location'
  | 'visits-by-practitioner'
  | 'visits-by-patient'
  | 'visits-by-change'
  | 'topic-subscription'
  | 'subscription'

export const triesOfVisits: Tries<Name> = {
  async 'read-patient'(bench) {
    const id = await anyOf(bench, 'Patient')
    if (!id) return nothingToRead
    return (await bench.emr.read('Patient', id)) ? worked : { kind: 'refused', code: 'not-there' }
  },
  'visits-by-date': async (bench) => (asks(bench, 'date') ? visits(bench, days) : notOffered),
  'visits-by-location': (bench) => visitsOf(bench, 'location', 'Location'),
  'visits-by-practitioner': (bench) => visitsOf(bench, 'practitioner', 'Practitioner'),
  async 'visits-by-patient'(bench) {
    if (isFound(bench)) return notNeeded
    if (!asks(bench, 'patient')) return notOffered
    const id = await anyOf(bench, 'Patient')
    return id ? visits(bench, { patient: `Patient/${id}`, ...(asks(bench, 'date') && days) }) : nothingToRead
  },
  async 'visits-by-change'(bench) {
    // Who does not know it may leave it out, and answer with everything.
    return lists(bench, '_lastUpdated') ? visits(bench, { _lastUpdated: 'gt2999-01-01' }) : notOffered
  },
  'topic-subscription': async (bench) => {
    const [topic] = bench.wish.visits.topics
    return topic ? subscribe(bench, topic) : notOffered
  },
  subscription: async (bench) => (has(bench, 'topic-subscription') ? notNeeded : subscribe(bench)),
}

function has({ done }: Bench, name: ProbeName): boolean {
  return done.some((one) => one.name === name && one.end.kind === 'worked')
}

function isFound(bench: Bench): boolean {
  return (['visits-by-date', 'visits-by-location', 'visits-by-practitioner'] as const).some((name) =>
    has(bench, name),
  )
}

async function visitsOf(
  bench: Bench,
  part: 'location' | 'practitioner',
  type: 'Location' | 'Practitioner',
): Promise<End> {
  if (isFound(bench)) return notNeeded
  if (!asks(bench, 'date') || !asks(bench, part)) return notOffered
  const id = await anyOf(bench, type)
  return id ? visits(bench, { ...days, [part]: `${type}/${id}` }) : nothingToRead
}

async function visits(bench: Bench, parameters: Record<string, string | string[]>): Promise<End> {
  if (!offered(bench, 'Appointment', 'search-type')) return notOffered
  await bench.emr.search('Appointment', parameters, { limit: 1 })
  return worked
}

/** A host that lists none of its parameters is asked all the same. */
function asks(bench: Bench, parameter: string): boolean {
  const { searchParams = [] } = bench.wish.statement.resources.get('Appointment') ?? {}
  return searchParams.length === 0 || searchParams.includes(parameter)
}

function lists({ wish }: Bench, parameter: string): boolean {
  return wish.statement.resources.get('Appointment')?.searchParams.includes(parameter) ?? false
}

async function anyOf(bench: Bench, type: ResourceType): Promise<string | undefined> {
  if (!offered(bench, type, 'search-type')) return undefined
  // Some let nobody look for all of them.
  const found = await bench.emr.search(type, { _count: '1' }, { limit: 1 }).catch((error: unknown) => {
    if (error instanceof EmrError && error.status === 400) return []
    throw error
  })
  return found[0]?.id
}

/** As a worker would make it, but that it carries no secret. One that is off proves nothing: servers look only at what they are to serve. */
async function subscribe(bench: Bench, topic?: string): Promise<End> {
  if (!offered(bench, 'Subscription', 'create')) return notOffered
  if (!mayRemove(bench, 'Subscription')) return cannotBeRemoved
  const { visits, statement } = bench.wish
  const { resource } = await bench.emr.create(
    toSubscription({
      ...{ criteria: visits.criteria, endpoint: visits.endpoint, headers: [], ...(topic && { topic }) },
      ...{ payload: 'application/fhir+json', startsAs: statement.subscriptionsStartAs },
      reason: 'Qasid looks whether a Subscription can be made',
    }),
  )
  try {
    return await untilActive(bench, resource.id)
  } finally {
    await takeBack(bench, `Subscription/${resource.id}`)
  }
}

/** Some take one, and never serve it. */
async function untilActive({ emr, looks, pauseFor }: Bench, id: string): Promise<End> {
  for (let look = 0; look < looks; look += 1) {
    const status = (await emr.read('Subscription', id))?.status
    if (status === 'active') return worked
    if (status !== 'requested') return { kind: 'refused', code: status ?? 'not-there' }
    await wait(pauseFor)
  }
  return { kind: 'refused', code: 'never-active' }
}
