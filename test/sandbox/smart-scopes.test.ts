import { describe, expect, it } from 'vitest'
import { grantableScopes, mayByScopes, parseResourceScope } from '../../sandbox/emr/smart/scopes.ts'

describe('a SMART scope', () => {
  it.each([
    ['user/Patient.read', 'user', 'Patient', ['read', 'search'], 'v1'],
    ['patient/Communication.write', 'patient', 'Communication', ['create', 'update', 'delete'], 'v1'],
    ['system/*.*', 'system', '*', ['create', 'read', 'update', 'delete', 'search'], 'v1'],
    ['patient/Communication.crus', 'patient', 'Communication', ['create', 'read', 'update', 'search'], 'v2'],
    ['user/Task.rs', 'user', 'Task', ['read', 'search'], 'v2'],
  ])('%s is understood', (scope, level, type, interactions, version) => {
    expect(parseResourceScope(scope)).toEqual({ level, type, version, interactions })
  })

  it.each([
    'user/Patient.',
    'user/Patient.sr',
    'user/patient.read',
    'openid',
    'launch/patient',
    'all/Patient.read',
    'user/Observation.rs?category=laboratory',
  ])('%s is no resource scope', (scope) => {
    expect(parseResourceScope(scope)).toBeUndefined()
  })

  it('allows the type that it names, and a star allows all', () => {
    const scopes = ['user/Patient.read', 'user/*.c'].flatMap((scope) => parseResourceScope(scope) ?? [])
    expect(mayByScopes(scopes, 'search', 'Patient')).toBe(true)
    expect(mayByScopes(scopes, 'search', 'Task')).toBe(false)
    expect(mayByScopes(scopes, 'create', 'Task')).toBe(true)
  })

  it('is granted to people’s apps or to backends, never to both', () => {
    const asked = ['openid', 'user/*.rs', 'patient/*.rs', 'system/*.rs', 'unheard-of']
    const versions = ['v1', 'v2'] as const
    const app = { levels: ['patient', 'user'], versions } as const
    expect(grantableScopes(asked, app)).toEqual(['openid', 'user/*.rs', 'patient/*.rs'])
    expect(grantableScopes(asked, { levels: ['system'], versions })).toEqual(['system/*.rs'])
  })

  it('is granted in the versions that the host knows, and no wider than the client registered for', () => {
    const terms = { levels: ['system'], versions: ['v1', 'v2'] } as const
    const asked = ['system/Patient.read', 'system/Patient.rs', 'system/Task.crus']
    expect(grantableScopes(asked, { ...terms, versions: ['v1'] })).toEqual(['system/Patient.read'])
    const registered = 'system/Patient.cruds system/Task.rs'
    expect(grantableScopes(asked, { ...terms, registered })).toEqual([
      'system/Patient.read',
      'system/Patient.rs',
    ])
  })
})
