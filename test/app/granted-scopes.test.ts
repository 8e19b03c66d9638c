import { describe, expect, it } from 'vitest'
import { statesOf } from '../../smart-app/src/chart/use-chart.ts'
import { effectiveScope, grantOf, isGranted, shownParts } from '../../smart-app/src/launch/granted-scopes.ts'

describe('granted scopes', () => {
  it.each([
    ['patient/Communication.crus', 'Communication', 'create', 'all'],
    ['patient/Communication.rs', 'Communication', 'create', 'none'],
    ['patient/Communication.crus', 'Communication', 'update', 'all'],
    ['patient/Communication.crs', 'Communication', 'update', 'none'],
    ['patient/*.cruds', 'CommunicationRequest', 'create', 'all'],
    ['user/CommunicationRequest.write', 'CommunicationRequest', 'create', 'all'],
    ['user/CommunicationRequest.write', 'CommunicationRequest', 'update', 'all'],
    ['user/CommunicationRequest.write', 'CommunicationRequest', 'read', 'none'],
    ['patient/CommunicationRequest.read', 'CommunicationRequest', 'create', 'none'],
    ['patient/CommunicationRequest.read', 'CommunicationRequest', 'search', 'all'],
    ['patient/CommunicationRequest.*', 'CommunicationRequest', 'update', 'all'],
    ['user/Patient.r', 'Patient', 'read', 'all'],
    ['user/Patient.r', 'Patient', 'search', 'none'],
    ['patient/Observation.rs?category=vital-signs', 'Observation', 'read', 'part'],
    ['patient/Observation.rs?category=vital-signs patient/Observation.rs', 'Observation', 'read', 'all'],
    ['patient/Observation.read?category=vital-signs', 'Observation', 'read', 'none'],
    ['patient/Observation.sr', 'Observation', 'read', 'none'],
    ['patient/Observation.', 'Observation', 'read', 'none'],
    ['openid fhirUser launch', 'CommunicationRequest', 'create', 'none'],
    ['system/CommunicationRequest.c', 'CommunicationRequest', 'create', 'none'],
    ['xpatient/CommunicationRequest.c', 'CommunicationRequest', 'create', 'none'],
    ['', 'CommunicationRequest', 'create', 'all'],
  ] as const)('%j for %s: %s is granted for %s', (scope, type, interaction, grant) => {
    expect(grantOf(scope, type, interaction)).toBe(grant)
  })

  it('that are narrowed by a filter let read, and let nothing be written', () => {
    const scope = 'patient/CommunicationRequest.crus?category=reminder'
    expect(isGranted(scope, 'CommunicationRequest', 'search')).toBe(true)
    expect(isGranted(scope, 'CommunicationRequest', 'create')).toBe(false)
    expect(isGranted(scope, 'CommunicationRequest', 'update')).toBe(false)
  })

  it('that the host does not name are those that were asked for', () => {
    expect(effectiveScope(undefined, 'openid patient/Patient.r')).toBe('openid patient/Patient.r')
    expect(effectiveScope(' ', 'openid')).toBe('openid')
    expect(effectiveScope('openid', 'openid patient/Patient.r')).toBe('openid')
    expect(effectiveScope(undefined, undefined)).toBe('')
  })

  it('of a host that gives a public client only patient/ leave the clinic’s places unread', () => {
    const granted = 'openid patient/Patient.read patient/Appointment.read'
    expect(isGranted(granted, 'Location', 'read')).toBe(false)
    expect(isGranted(granted, 'Appointment', 'search')).toBe(true)
  })
})

describe('the chart', () => {
  const asked =
    'openid patient/Patient.r patient/Appointment.rs patient/Consent.rs patient/Communication.rs patient/CommunicationRequest.crs'
  const read = { data: [], isError: false }
  const parts = {
    ...{ person: read, messages: read, requests: read, consents: read, optOuts: read, visits: read },
  }
  const withoutScopes = (...types: string[]) =>
    asked
      .split(' ')
      .filter((one) => !types.some((type) => one.startsWith(`patient/${type}.`)))
      .join(' ')

  it('is shown whole where all was granted, in either version of scopes', () => {
    const v1 =
      'openid patient/Patient.read patient/Appointment.read patient/Consent.read patient/Communication.read patient/CommunicationRequest.read'
    for (const granted of [asked, v1])
      expect(new Set(Object.values(shownParts(granted, asked)))).toEqual(new Set(['all']))
  })

  it.each([
    ['Communication', { conversation: 'withheld', permission: 'read', schedule: 'read' }],
    ['CommunicationRequest', { conversation: 'withheld', permission: 'withheld', schedule: 'read' }],
    ['Consent', { conversation: 'read', permission: 'withheld', schedule: 'read' }],
    ['Patient', { conversation: 'read', permission: 'withheld', schedule: 'read' }],
    ['Appointment', { conversation: 'read', permission: 'read', schedule: 'withheld' }],
  ])('says what was not granted: %s', (type, states) => {
    const shown = shownParts(withoutScopes(type), asked)
    expect(shown).toMatchObject({ [type]: 'none' })
    expect(statesOf(parts, shown)).toEqual(states)
  })

  it('does not miss what was never asked for', () => {
    const less = withoutScopes('Consent')
    expect(shownParts(less, less).Consent).toBe('all')
  })

  it('is shown in part where the host put a filter, and not where we did', () => {
    const filtered = `${withoutScopes('Communication')} patient/Communication.rs?medium=sms`
    expect(shownParts(filtered, asked).Communication).toBe('part')
    expect(shownParts(filtered, filtered).Communication).toBe('all')
    expect(statesOf(parts, shownParts(filtered, asked)).conversation).toBe('read')
  })
})
