/** Whether a server keeps records as we need them kept: nothing twice, much at once, and about another server's patients. */
import { randomUUID } from 'node:crypto'
import { naming } from '../fhir/codes.ts'
import { createFhirCall } from './fhir-call.ts'
import {
  type Bench,
  cannotBeRemoved,
  type End,
  mayRemove,
  notOffered,
  type Tries,
  takeBack,
  worked,
} from './probe-bench.ts'

const scrap = { resourceType: 'Basic' as const, code: { text: 'A probe of Qasid, removed at once' } }

export const triesOfRecords: Tries<'conditional-create' | 'batch' | 'transaction' | 'foreign-reference'> = {
  async 'conditional-create'(bench) {
    const { emr, wish } = bench
    if (!wish.statement.resources.get('Basic')?.conditionalCreate) return notOffered
    if (!mayRemove(bench, 'Basic')) return cannotBeRemoved
    const identifier = { system: naming.settings, value: `probe-${randomUUID()}` }
    const basic = { ...scrap, identifier: [identifier] }
    const first = await emr.create(basic, identifier)
    try {
      const second = await emr.create(basic, identifier)
      if (second.created) await takeBack(bench, `Basic/${second.resource.id}`)
      return second.created ? { kind: 'refused', code: 'written-twice' } : worked
    } finally {
      await takeBack(bench, `Basic/${first.resource.id}`)
    }
  },
  batch: async (bench) => (bench.wish.statement.batch ? bundle(bench, 'batch') : notOffered),
  transaction: async (bench) =>
    bench.wish.statement.transaction ? bundle(bench, 'transaction') : notOffered,
  async 'foreign-reference'(bench) {
    if (!mayRemove(bench, 'Basic')) return cannotBeRemoved
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

async function bundle({ server }: Bench, type: 'batch' | 'transaction'): Promise<End> {
  const entry = [1, 2].map(() => ({ request: { method: 'GET' as const, url: 'Basic?_count=1' } }))
  const body = { resourceType: 'Bundle' as const, type, entry }
  const { body: answer } = await createFhirCall(server)(`Asking in a ${type}`, (client, options) =>
    client.batch({ body: body as unknown as { resourceType: 'Bundle'; type: 'batch' }, options }),
  )
  const told = Array.isArray(answer.entry) ? answer.entry.length : 0
  return told === entry.length ? worked : { kind: 'refused', code: `answered-${told}` }
}
