import { describe, expect, it } from 'vitest'
import {
  mayWorker,
  type ScopePlace,
  scopesFor,
  scopesRefused,
  sortRefused,
} from '../../src/domain/client-scopes.ts'

const needs: ScopePlace['needs'] = [
  { type: 'Patient', ifMissing: 'refuse-install' },
  { type: 'Location', ifMissing: 'degrade' },
  { type: 'Consent', ifMissing: 'local-store' },
  { type: 'Communication', ifMissing: 'local-store' },
  { type: 'Task', ifMissing: 'local-store' },
  { type: 'AppointmentResponse', ifMissing: 'degrade' },
  { type: 'Binary', ifMissing: 'degrade' },
]
const all = ['create', 'read', 'update', 'delete', 'search-type']

function place(more: Partial<ScopePlace>, offered: Record<string, string[]> = {}): ScopePlace {
  const types = needs.map(({ type }): [string, string[]] => [type, offered[type] ?? all])
  const resources = new Map(
    types.map(([type, interactions]) => [type, { interactions, conditionalCreate: true, searchParams: [] }]),
  )
  return { role: 'host', kind: 'full', needs, statement: { resources }, ...more }
}

const worker =
  'system/Patient.rs system/Location.rs system/Consent.crus system/Communication.crus system/Task.crus system/AppointmentResponse.cs system/Binary.cru system/Slot.rs'
const app = 'openid launch patient/Patient.r patient/Consent.rs patient/Communication.rs'
const v1 =
  'system/Patient.read system/Consent.read system/Consent.write system/Task.write system/Binary.write'

describe('scopes', () => {
  it.each<[string, Partial<ScopePlace>, string, string]>([
    ['at a host that keeps everything', {}, worker, worker.replace(' system/Slot.rs', '')],
    [
      'at a host beside a store',
      { kind: 'sidecar' },
      worker,
      'system/Patient.rs system/Location.rs system/Consent.rs system/AppointmentResponse.cs system/Binary.r',
    ],
    [
      'at a host that is told what was said',
      { kind: 'mixed' },
      worker,
      'system/Patient.rs system/Location.rs system/Consent.rs system/Communication.crus system/AppointmentResponse.cs system/Binary.r',
    ],
    [
      'at the store',
      { role: 'store', kind: 'sidecar' },
      worker,
      'system/Consent.crus system/Communication.crus system/Task.crus system/AppointmentResponse.crs system/Binary.cru',
    ],
    ['of the app, at a host that keeps everything', {}, app, app],
    [
      'of the app, beside a store',
      { kind: 'sidecar' },
      app,
      'openid launch patient/Patient.r patient/Consent.rs',
    ],
    [
      'of the app, where the chart is told',
      { kind: 'mixed' },
      app,
      'openid launch patient/Patient.r patient/Consent.rs',
    ],
    [
      'in the words of v1, beside a store',
      { kind: 'sidecar' },
      v1,
      'system/Patient.read system/Consent.read',
    ],
  ])('%s are of what stands there', (_where, more, asked, given) => {
    expect(scopesFor(asked.split(' '), place(more)).join(' ')).toBe(given)
  })

  it('ask for nothing that the server does for nobody', () => {
    const offered = {
      Patient: ['read', 'search-type'],
      Consent: ['read'],
      Communication: ['patch'],
      Task: [],
    }
    const asked = [
      'system/Patient.crs',
      'system/Consent.cs',
      'system/Communication.u',
      'system/Task.crus',
      'system/Consent.write',
    ]
    expect(scopesFor(asked, place({}, offered))).toEqual([
      'system/Patient.rs',
      'system/Communication.u',
      'system/Task.crus',
    ])
  })
})

describe('a granted scope', () => {
  it.each([
    [['system/Patient.rs'], ['system/Patient.rs'], []],
    [['system/Patient.rs'], ['system/Patient.cruds'], []],
    [['system/Patient.rs'], ['system/Patient.r', 'system/Patient.s'], []],
    [['system/Patient.rs'], ['system/*.rs'], []],
    [['system/Patient.rs'], ['system/*.*'], []],
    [['system/Patient.rs'], ['system/Patient.r'], ['system/Patient.rs']],
    [['system/Patient.rs'], ['user/Patient.rs'], ['system/Patient.rs']],
    [['system/Patient.read'], ['system/Patient.write'], ['system/Patient.read']],
    [['launch', 'openid'], ['openid'], ['launch']],
  ])('of %j, with %j: not given is %j', (asked, granted, refused) => {
    expect(scopesRefused(asked, granted)).toEqual(refused)
  })

  it.each<[string, Omit<ScopePlace, 'statement' | 'needs'>, string[]]>([
    [
      'a host that keeps our records',
      { role: 'host', kind: 'full' },
      ['system/Patient.rs', 'system/Task.crus'],
    ],
    ['a host beside a store', { role: 'host', kind: 'sidecar' }, ['system/Patient.rs']],
    ['a store', { role: 'store', kind: 'sidecar' }, ['system/Patient.rs', 'system/Task.crus']],
  ])('is needed or only useful at %s', (_where, where, needed) => {
    const asked = ['system/Patient.rs', 'system/Location.rs', 'system/Task.crus', 'system/Task.d']
    expect(sortRefused(asked, [], { ...where, needs }).needed).toEqual(needed)
  })

  it.each([
    [undefined, true],
    [['system/Basic.d'], true],
    [['system/Basic.write'], true],
    [['system/*.cruds'], true],
    [['system/Basic.crus'], false],
    [['system/Task.d'], false],
  ])('lets the worker remove a Basic: %j', (granted, may) => {
    expect(mayWorker(granted, 'd', 'Basic')).toBe(may)
  })
})
