/** Whose a reference is: the host's, the store's beside it, or nobody's. */
import { describe, expect, it } from 'vitest'
import {
  withHostAddress,
  withHostReferences,
  withoutHostReferences,
  withRelativeReferences,
} from '../../src/fhir/reference.ts'

describe('a server’s absolute references', () => {
  it('to itself are made relative, and no others', () => {
    const told = {
      resourceType: 'Appointment',
      participant: [
        { actor: { reference: 'https://emr.example/fhir/Patient/1' } },
        { actor: { reference: 'https://other.example/fhir/Patient/1' } },
        { actor: { reference: 'https://emr.example/fhir-two/Patient/1' } },
      ],
    }
    expect(withRelativeReferences(told, 'https://emr.example/fhir/').participant).toEqual([
      { actor: { reference: 'Patient/1' } },
      told.participant[1],
      told.participant[2],
    ])
  })
})

describe('in a store beside the host', () => {
  const bases = { host: 'https://emr.example/fhir', store: 'https://store.example/fhir' }
  const message = (patient: string) => ({
    resourceType: 'Communication',
    subject: { reference: patient },
    basedOn: [{ reference: 'CommunicationRequest/1' }],
    payload: [{ contentAttachment: { url: 'Binary/7' } }],
  })

  it('what is the host’s is written by the host’s address, and what is ours as it is', () => {
    expect(withHostReferences(message('Patient/1'), bases.host)).toEqual(
      message('https://emr.example/fhir/Patient/1'),
    )
  })

  it.each([
    ['https://emr.example/fhir/Patient/1', 'Patient/1'],
    ['Patient/1', 'https://store.example/fhir/Patient/1'],
    ['https://store.example/fhir/Patient/1', 'https://store.example/fhir/Patient/1'],
    ['https://store.example/fhir/Communication/1', 'Communication/1'],
    ['https://emr.example/fhir-two/Patient/1', 'https://emr.example/fhir-two/Patient/1'],
  ])('%s is read as %s', (stored, read) => {
    expect(withoutHostReferences(message(stored), bases)).toEqual(message(read))
  })

  it('what is written is read as it was meant', () => {
    const written = withHostReferences(message('Patient/1'), bases.host)
    expect(withoutHostReferences(written, bases)).toEqual(message('Patient/1'))
  })

  it.each([
    ['Patient/1', 'https://emr.example/fhir/Patient/1'],
    ['Patient/1,Patient/2', 'https://emr.example/fhir/Patient/1,https://emr.example/fhir/Patient/2'],
    ['CommunicationRequest/1', 'CommunicationRequest/1'],
    ['ge2026-11-20T08:00:00Z', 'ge2026-11-20T08:00:00Z'],
    ['https://qasid.dev/fhir/NamingSystem/attempt-id|a', 'https://qasid.dev/fhir/NamingSystem/attempt-id|a'],
    ['active', 'active'],
  ])('%s is searched as %s', (asked, sent) => {
    expect(withHostAddress(asked, bases.host)).toBe(sent)
  })
})
