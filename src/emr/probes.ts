/**
 * Small things asked of a server, to see what it really does. Whatever is written is removed again; what a server would
 * not let us remove is never written.
 */
import { randomUUID } from 'node:crypto'
import type { FhirResource } from 'fhir/r4'
import { naming } from '../fhir/codes.ts'
import type { Probing } from '../flows/install-ports.ts'
import { type Emr, EmrError } from '../flows/ports.ts'
import { createFhirCall, type FhirServer } from './fhir-call.ts'
import { createEmr } from './fhir-server.ts'
import type { ResourceType } from './interaction.ts'

type Wish = Parameters<Probing>[0]
type Found = Awaited<ReturnType<Probing>>['probes'][number]
type End = Found['end']
type Name = Found['name']

interface Bench {
  server: FhirServer
  emr: Emr
  wish: Wish
  /** What could not be removed. */
  left: string[]
}

const ofHost: Name[] = [
  'read-patient',
  'visits-by-date',
  'visits-by-patient',
  'visits-by-change',
  'subscription',
]
const ofStore: Name[] = ['conditional-create', 'batch', 'transaction']

export function createProbing(server: FhirServer): Probing {
  return async (wish) => {
    const emr = createEmr({ ...server, ...(wish.hostBase && { hostBase: wish.hostBase }) })
    const bench: Bench = { server, emr, wish, left: [] }
    const names = wish.role === 'host' ? [...ofHost, ...ofStore] : ofStore
    const probes: Found[] = []
    for (const name of wish.hostBase ? [...names, 'foreign-reference' as const] : names) {
      const probe = { name, end: await probed(() => tries[name](bench)) }
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

/** A second of 1999: nobody's visits, and yet the whole question. */
const longAgo = ['ge1999-12-31T23:59:58Z', 'lt1999-12-31T23:59:59Z']

const worked: End = { kind: 'worked' }
const notOffered: End = { kind: 'untried', because: 'not-offered' }

const tries: Record<Name, (bench: Bench) => Promise<End>> = {
  async 'read-patient'(bench) {
    const id = await anyPatient(bench)
    if (!id) return { kind: 'untried', because: 'nothing-to-read' }
    return (await bench.emr.read('Patient', id)) ? worked : { kind: 'refused', code: 'not-there' }
  },
  'visits-by-date': (bench) => search(bench, 'Appointment', { date: longAgo }),
  async 'visits-by-patient'(bench) {
    const patient = `Patient/${(await anyPatient(bench)) ?? 'nobody'}`
    // Some take no date with it, and some want one.
    return search(bench, 'Appointment', { patient }).catch((error: unknown) => {
      if (error instanceof EmrError && error.status === 400)
        return search(bench, 'Appointment', { patient, date: longAgo })
      throw error
    })
  },
  async 'visits-by-change'(bench) {
    const listed = bench.wish.statement.resources.get('Appointment')?.searchParams.includes('_lastUpdated')
    // Who does not know it may leave it out, and answer with everything.
    return listed ? search(bench, 'Appointment', { _lastUpdated: 'gt2999-01-01' }) : notOffered
  },
  subscription: (bench) =>
    writeOnce(bench, {
      resourceType: 'Subscription',
      // One that is off proves nothing: servers look only at what they are to serve.
      status: 'requested',
      reason: 'Qasid looks whether a Subscription can be made',
      criteria: 'Appointment?status=booked',
      channel: { type: 'rest-hook', endpoint: bench.wish.endpoint, payload: 'application/fhir+json' },
    }),
  async 'conditional-create'(bench) {
    const { statement } = bench.wish
    if (!statement.resources.get('Basic')?.conditionalCreate) return notOffered
    if (!mayRemove(bench, 'Basic')) return { kind: 'untried', because: 'cannot-be-removed' }
    const identifier = { system: naming.settings, value: `probe-${randomUUID()}` }
    const basic = { ...scrap, identifier: [identifier] }
    const first = await bench.emr.create(basic, identifier)
    try {
      const second = await bench.emr.create(basic, identifier)
      if (second.created) await takeBack(bench, `Basic/${second.resource.id}`)
      return second.created ? { kind: 'refused', code: 'written-twice' } : worked
    } finally {
      await takeBack(bench, `Basic/${first.resource.id}`)
    }
  },
  batch: (bench) => (bench.wish.statement.batch ? bundle(bench, 'batch') : Promise.resolve(notOffered)),
  transaction: (bench) =>
    bench.wish.statement.transaction ? bundle(bench, 'transaction') : Promise.resolve(notOffered),
  async 'foreign-reference'(bench) {
    if (!mayRemove(bench, 'Basic')) return { kind: 'untried', because: 'cannot-be-removed' }
    const patient = `Patient/probe-${randomUUID()}`
    const { resource } = await bench.emr.create({ ...scrap, subject: { reference: patient } })
    try {
      const found = await bench.emr.search('Basic', { subject: patient })
      return found.length === 1 ? worked : { kind: 'refused', code: `found-${found.length}` }
    } finally {
      await takeBack(bench, `Basic/${resource.id}`)
    }
  },
}

const scrap = { resourceType: 'Basic' as const, code: { text: 'A probe of Qasid, removed at once' } }

async function anyPatient({ emr, wish }: Bench): Promise<string | undefined> {
  if (!offered(wish, 'Patient', 'search-type')) return undefined
  // Some let nobody look for everyone.
  const found = await emr.search('Patient', { _count: '1' }, { limit: 1 }).catch((error: unknown) => {
    if (error instanceof EmrError && error.status === 400) return []
    throw error
  })
  return found[0]?.id
}

async function search(
  { emr, wish }: Bench,
  type: ResourceType,
  parameters: Record<string, string | string[]>,
) {
  if (!offered(wish, type, 'search-type')) return notOffered
  await emr.search(type, parameters, { limit: 1 })
  return worked
}

async function writeOnce(bench: Bench, resource: FhirResource): Promise<End> {
  const type = resource.resourceType
  if (!offered(bench.wish, type, 'create')) return notOffered
  if (!mayRemove(bench, type)) return { kind: 'untried', because: 'cannot-be-removed' }
  const { resource: written } = await bench.emr.create(resource)
  await takeBack(bench, `${type}/${written.id}`)
  return worked
}

async function bundle({ server }: Bench, type: 'batch' | 'transaction'): Promise<End> {
  const entry = [1, 2].map(() => ({ request: { method: 'GET' as const, url: 'Basic?_count=1' } }))
  const body = { resourceType: 'Bundle' as const, type, entry }
  const { body: answer } = await createFhirCall(server)(`Asking in a ${type}`, (client, options) =>
    client.batch({ body: body as unknown as { resourceType: 'Bundle'; type: 'batch' }, options }),
  )
  const told = Array.isArray(answer.entry) ? answer.entry.length : 0
  return told === entry.length ? worked : { kind: 'refused', code: `answered-${told}` }
}

function offered({ statement }: Wish, type: string, interaction: string): boolean {
  return statement.resources.get(type)?.interactions.includes(interaction) ?? false
}

/** What a token may not remove, it must not write for a try. */
function mayRemove({ wish }: Bench, type: string): boolean {
  if (!offered(wish, type, 'delete')) return false
  const scope = new RegExp(`^system/(\\*|${type})\\.(\\*|write|c?r?u?ds?)(\\?|$)`)
  return wish.granted?.some((one) => scope.test(one)) ?? true
}

async function takeBack({ emr, left }: Bench, reference: string): Promise<void> {
  const isGone = await emr.remove(reference).catch(() => false)
  if (!isGone) left.push(reference)
}
