import { describe, expect, it } from 'vitest'
import { isGranted } from '../../smart-app/src/launch/granted-scopes.ts'
import { readLaunch } from '../../smart-app/src/launch/launch-parameters.ts'

describe('a launch', () => {
  it('is its issuer and its token, and nothing else of the address', () => {
    const query =
      '?iss=https%3A%2F%2Femr.example%2Ffhir&launch=abc&clientId=x&fhirServiceUrl=https://evil.example'
    expect(readLaunch(query)).toEqual({ iss: 'https://emr.example/fhir', launch: 'abc' })
  })

  it.each([
    '',
    '?iss=https://emr.example/fhir',
    '?launch=abc',
    '?iss=javascript:alert(1)&launch=a',
    '?iss=x&launch=a',
  ])('is refused when incomplete or odd: %j', (query) => {
    expect(readLaunch(query)).toBeUndefined()
  })
})

describe('granted scopes', () => {
  it.each([
    ['patient/Communication.crus', 'Communication', 'create', true],
    ['patient/Communication.rs', 'Communication', 'create', false],
    ['patient/*.cruds', 'CommunicationRequest', 'create', true],
    ['user/CommunicationRequest.write', 'CommunicationRequest', 'create', true],
    ['patient/CommunicationRequest.read', 'CommunicationRequest', 'create', false],
    ['patient/CommunicationRequest.read', 'CommunicationRequest', 'search', true],
    ['patient/CommunicationRequest.*', 'CommunicationRequest', 'create', true],
    ['patient/Observation.rs?category=vital-signs', 'Observation', 'read', true],
    ['openid fhirUser launch', 'CommunicationRequest', 'create', false],
    ['system/CommunicationRequest.c', 'CommunicationRequest', 'create', false],
    ['', 'CommunicationRequest', 'create', true],
  ] as const)('%j for %s: may %s is %s', (scope, type, interaction, granted) => {
    expect(isGranted(scope, type, interaction)).toBe(granted)
  })
})
