import { parseSearchRequest } from '@medplum/core'
import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRecordStore, type RecordStore } from '../../sandbox/emr/record-store.ts'
import { toCriteria } from '../../sandbox/emr/search-match.ts'
import { loadSearchParameters } from '../../sandbox/emr/search-parameters.ts'

beforeAll(loadSearchParameters)

const now = () => new Date('2026-11-20T12:00:00Z')
const criteriaOf = (query: string) => toCriteria(parseSearchRequest(`Communication?${query}`))

const few = fc.constantFrom('a', 'b', 'c')
const list = <T>(one: fc.Arbitrary<T>) => fc.option(fc.array(one, { maxLength: 2 }), { nil: undefined })
const communication = fc.record(
  {
    resourceType: fc.constant('Communication' as const),
    id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    status: fc.constantFrom('preparation', 'in-progress', 'completed'),
    identifier: list(fc.record({ system: few, value: few }, { requiredKeys: [] })),
    subject: few.map((id) => ({ reference: `Patient/${id}` })),
    basedOn: list(few.map((id) => ({ reference: `CommunicationRequest/${id}` }))),
    partOf: list(few.map((id) => ({ reference: `Communication/${id}` }))),
    recipient: list(few.map((id) => ({ reference: `Patient/${id}` }))),
    sent: fc.constantFrom('2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z', '2026-11-20', '2026-11', '2026'),
  },
  { requiredKeys: ['resourceType', 'id', 'status'] },
)
const step = fc.oneof(
  communication.map((resource) => ({
    kind: 'put' as const,
    resource: resource as FhirResource & { id: string },
  })),
  fc.constantFrom('1', '2', '3').map((id) => ({ kind: 'remove' as const, id })),
  fc.record({
    kind: fc.constant('undone' as const),
    resource: communication as fc.Arbitrary<FhirResource & { id: string }>,
  }),
)
const criterion = fc.oneof(
  fc.tuple(
    fc.constantFrom('identifier', 'identifier:not'),
    fc.array(
      fc.oneof(
        few,
        fc.tuple(few, few).map((pair) => pair.join('|')),
        few.map((one) => `${one}|`),
        few.map((one) => `|${one}`),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  fc.tuple(
    fc.constantFrom('subject', 'patient', 'recipient'),
    fc.array(
      few.map((id) => `Patient/${id}`),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  fc.tuple(
    fc.constantFrom('subject', 'based-on', 'part-of', 'patient'),
    fc.array(few, { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(
    fc.constantFrom('status', 'status:not'),
    fc.array(fc.constantFrom('completed', 'preparation'), { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(fc.constant('_id'), fc.array(fc.constantFrom('1', '2', '9'), { minLength: 1, maxLength: 3 })),
  fc.tuple(fc.constantFrom('subject:missing', 'identifier:missing'), fc.constantFrom(['true'], ['false'])),
  fc.tuple(
    fc.constant('sent'),
    fc.array(
      fc
        .tuple(
          fc.constantFrom('', 'ne', 'lt', 'le', 'gt', 'ge', 'sa', 'eb', 'ap'),
          fc.constantFrom('2026-11-20', '2026-11-19T00:00:00Z', '2026-12', '2026'),
        )
        .map((parts) => parts.join('')),
      // Several are refused before they come here.
      { minLength: 1, maxLength: 1 },
    ),
  ),
)
const query = fc
  .array(criterion, { minLength: 1, maxLength: 3 })
  .map((criteria) =>
    criteria.map(([code, values]) => `${code}=${encodeURIComponent(values.join(','))}`).join('&'),
  )

function take(
  store: RecordStore,
  { kind, ...what }: typeof step extends fc.Arbitrary<infer S> ? S : never,
): void {
  if ('id' in what) store.remove('Communication', what.id)
  else {
    const written = store.put(what.resource)
    if (kind === 'undone') written.undo()
  }
}

describe('a search through the index', () => {
  it('finds what looking at every record finds, in the same order, whatever was written before', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.array(query, { minLength: 1, maxLength: 5 }),
        (steps, queries) => {
          const store = createRecordStore({ now })
          for (const one of steps) take(store, one)
          for (const text of queries) {
            const criteria = criteriaOf(text)
            expect(store.search('Communication', criteria)).toEqual(
              store.search('Communication', criteria, { scan: true }),
            )
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('finds 2,000 of 20,000 messages by identifier within two seconds', () => {
    const store = createRecordStore({ now })
    for (let index = 0; index < 20_000; index += 1) {
      store.put({
        resourceType: 'Communication',
        id: `c${index}`,
        status: 'completed',
        identifier: [{ system: 'http://a.example', value: `key-${index}` }],
        subject: { reference: `Patient/p${index % 200}` },
      })
    }
    const from = performance.now()
    for (let index = 0; index < 20_000; index += 10) {
      const found = store.search(
        'Communication',
        criteriaOf(`status=completed&identifier=http://a.example|key-${index}`),
      )
      if (found.length !== 1) throw new Error(`key-${index} was found ${found.length} times`)
    }
    expect(performance.now() - from).toBeLessThan(2000)
  }, 30_000)
})
