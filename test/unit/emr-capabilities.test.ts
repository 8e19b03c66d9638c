import type { CapabilityStatement } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { readCapabilities, toCapabilities } from '../../src/emr/capabilities.ts'
import { startScriptedServer } from './emr-scripted-server.ts'

const statement: CapabilityStatement = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-20',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  software: { name: 'Sample EMR', version: '8' },
  rest: [
    {
      mode: 'server',
      interaction: [{ code: 'batch' }],
      resource: [
        {
          type: 'Communication',
          interaction: [{ code: 'read' }, { code: 'create' }],
          conditionalCreate: true,
          searchParam: [{ name: 'subject', type: 'reference' }],
        },
        {
          type: 'Subscription',
          interaction: [{ code: 'create' }],
          extension: [
            {
              url: 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical',
              valueCanonical: 'https://emr.example/topics/visits',
            },
          ],
        },
        { type: 'Appointment' },
      ],
    },
  ],
}

describe('capabilities', () => {
  it('are read from the metadata', async () => {
    await using server = await startScriptedServer({ json: statement })
    const { resources, ...rest } = await readCapabilities({ baseUrl: `${server.origin}/fhir` })
    expect(server.asked[0]?.url).toBe('/fhir/metadata')
    expect(rest).toEqual({
      fhirVersion: '4.0.1',
      software: 'Sample EMR 8',
      subscriptionsStartAs: 'requested',
      topics: ['https://emr.example/topics/visits'],
      batch: true,
      transaction: false,
    })
    expect(resources.get('Communication')).toEqual({
      interactions: ['read', 'create'],
      conditionalCreate: true,
      searchParams: ['subject'],
    })
    expect(resources.get('Appointment')).toEqual({
      interactions: [],
      conditionalCreate: false,
      searchParams: [],
    })
  })

  it('are few where the server says little', () => {
    const { resources, topics, batch } = toCapabilities({ ...statement, rest: undefined })
    expect([resources.size, topics, batch]).toEqual([0, [], false])
  })

  it('hold how a Subscription begins, by the one server that begins none by itself', () => {
    const software = { name: 'medplum', version: '5.0.2' }
    expect(toCapabilities({ ...statement, software })).toMatchObject({ subscriptionsStartAs: 'active' })
  })

  it('hold batches where the server names transactions only', () => {
    const rest = [{ mode: 'server' as const, interaction: [{ code: 'transaction' as const }] }]
    expect(toCapabilities({ ...statement, rest })).toMatchObject({ batch: true, transaction: true })
  })

  it('are an error where the server says something else', async () => {
    await using server = await startScriptedServer({ json: { resourceType: 'OperationOutcome' } })
    await expect(readCapabilities({ baseUrl: server.origin })).rejects.toThrow('answered something else')
  })
})
