import { beforeAll, describe, expect, it } from 'vitest'
import { sampleClinic } from '../../sandbox/clinic/sample-clinic.ts'
import { compilePath } from '../../sandbox/emr/plain-path.ts'
import { loadSearchParameters, parametersOf } from '../../sandbox/emr/search-parameters.ts'
import { interpret, plainPath } from '../../sandbox/emr/search-values.ts'

beforeAll(loadSearchParameters)

describe('the short way to what a search parameter finds', () => {
  it('finds what FHIRPath finds, in every resource of the sample clinic', () => {
    const clinic = sampleClinic({ seed: 7, today: new Date('2026-11-20T06:00:00Z') })
    let compared = 0
    for (const resource of [...clinic, ...written])
      for (const parameter of parametersOf(resource.resourceType)) {
        const read = plainPath(resource.resourceType, parameter)
        const found = read?.(resource)
        if (!found) continue
        compared += 1
        expect([parameter.code, found]).toEqual([parameter.code, interpret(resource, parameter)])
      }
    expect(compared).toBeGreaterThan(2_000)
  })

  it.each([
    'Observation.value.exists()',
    'Patient.deceased.exists() and Patient.deceased != false',
    "Patient.extension('a').value",
    'Resource.id.first()',
  ])('leaves %s to FHIRPath', (expression) => {
    expect(compilePath(expression, expression.split('.')[0] ?? '')).toBeUndefined()
  })
})

const person = { reference: 'Patient/1' }
const written = [
  {
    resourceType: 'CommunicationRequest',
    identifier: [{ system: 'urn:a', value: '1' }, { value: '2' }],
    status: 'active',
    subject: person,
    basedOn: [{ reference: 'Appointment/1' }],
    recipient: [person, { reference: 'RelatedPerson/2' }],
    occurrenceDateTime: '2026-11-20T12:00:00Z',
    category: [{ coding: [{ code: 'a' }] }],
  },
  {
    resourceType: 'Communication',
    status: 'completed',
    subject: { reference: 'Group/1' },
    partOf: [{ reference: 'Communication/0' }],
    sent: '2026-11-20T12:00:00Z',
    received: '2026-11-20T12:00:01Z',
  },
  { resourceType: 'Consent', status: 'active', patient: person },
]
