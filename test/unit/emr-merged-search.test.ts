import fc from 'fast-check'
import type { Consent } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { divide, merge, mergeable, type Search } from '../../src/emr/merged-search.ts'
import type { Pairs } from '../../src/emr/search-query.ts'

const search = (...pairs: Pairs): Search => ({ kind: 'search', doing: 'Searching', type: 'Consent', pairs })
const of = (patient: string, status = 'active') =>
  search(['patient', patient], ['status', status], ['_count', '100'])
const consent = (id: string, patient: string): Consent => ({
  ...{ resourceType: 'Consent', id, status: 'active', scope: {}, category: [] },
  patient: { reference: patient },
})

describe('searches that become one', () => {
  it('are those that differ only in whom they are about', () => {
    const shapes = [of('Patient/1'), of('Patient/2'), of('Patient/1', 'inactive')].map(
      (one) => mergeable(one)?.shape,
    )
    expect(shapes[0]).toBe(shapes[1])
    expect(shapes[0]).not.toBe(shapes[2])
  })

  it.each<[string, Search]>([
    ['one that wants only a few', { ...of('Patient/1'), limit: 1 }],
    ['one in an order', search(['patient', 'Patient/1'], ['_sort', 'date'])],
    ['one by a bare id, which may be of any type', of('1')],
    ['one with an escaped value', search(['identifier', 'urn:a|1\\,2'])],
    ['one by a code without its system', search(['identifier', '12'])],
    ['one by a system without a value', search(['identifier', 'https://example.org/copies|'])],
    ['one by what the resource does not show', search(['code', 'a|b'])],
  ])('are not: %s', (_what, one) => {
    expect(mergeable(one)).toBeUndefined()
  })

  it('ask for everybody at once, each once, and for a page that holds them', () => {
    expect(merge([of('Patient/1'), of('Patient/2'), of('Patient/1')]).pairs).toEqual([
      ['patient', 'Patient/1,Patient/2'],
      ['status', 'active'],
      ['_count', '500'],
    ])
  })

  it('give everybody exactly what the own search would have found', () => {
    const patient = fc.constantFrom('Patient/1', 'Patient/2', 'Patient/3', 'Patient/4')
    const asked = fc.array(fc.uniqueArray(patient, { minLength: 1 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(asked, fc.array(patient), (wishes, patients) => {
        const held = patients.map((one, index) => consent(String(index), one))
        const searches = wishes.map((one) => of(one.join()))
        const wanted = new Set(merge(searches).pairs[0]?.[1].split(','))
        const found = held.filter((one) => wanted.has(one.patient?.reference ?? ''))
        const ids = (some: { id?: string }[]) => some.map(({ id }) => id).sort()
        expect(divide(searches, found).map(ids)).toEqual(
          wishes.map((one) =>
            ids(held.filter(({ patient: whose }) => one.some((wish) => wish === whose?.reference))),
          ),
        )
      }),
    )
  })
})
