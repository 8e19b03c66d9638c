import { describe, expect, it } from 'vitest'
import { grantableScopes, mayByScopes, parseResourceScope } from '../../sandbox/emr/smart/scopes.ts'

describe('a SMART scope', () => {
  it.each([
    ['user/Patient.read', 'user', 'Patient', ['read', 'search']],
    ['patient/Communication.write', 'patient', 'Communication', ['create', 'update', 'delete']],
    ['system/*.*', 'system', '*', ['create', 'read', 'update', 'delete', 'search']],
    ['patient/Communication.crus', 'patient', 'Communication', ['create', 'read', 'update', 'search']],
    ['user/Task.rs', 'user', 'Task', ['read', 'search']],
  ])('%s is understood', (scope, level, type, interactions) => {
    expect(parseResourceScope(scope)).toEqual({ level, type, interactions })
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
    expect(grantableScopes(asked, 'app')).toEqual(['openid', 'user/*.rs', 'patient/*.rs'])
    expect(grantableScopes(asked, 'backend')).toEqual(['system/*.rs'])
  })
})
