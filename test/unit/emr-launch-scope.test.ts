import { describe, expect, it } from 'vitest'
import { launchScope } from '../../src/emr/launch-scope.ts'
import { EmrError } from '../../src/flows/ports.ts'

const installed = 'openid fhirUser launch patient/Patient.r patient/CommunicationRequest.crs'
const host =
  (...capabilities: string[]) =>
  async () => ({ capabilities })

describe('the scopes that the app asks for', () => {
  it.each([
    ['ehr', 'openid launch patient/Patient.r', 'openid launch patient/Patient.r'],
    ['ehr', 'openid launch/patient launch', 'openid launch'],
    ['ehr', 'openid', 'openid launch'],
    ['standalone', 'openid launch patient/Patient.r', 'openid patient/Patient.r launch/patient'],
    ['standalone', 'launch/patient openid', 'launch/patient openid'],
  ] as const)('fit a launch of this kind: %s, %j', async (launch, scope, expected) => {
    expect(await launchScope(scope, launch, host('permission-v2'))).toBe(expected)
  })

  it('are v1 for a host that does not speak v2', async () => {
    expect(await launchScope(installed, 'ehr', host('launch-ehr', 'permission-patient'))).toBe(
      'openid fhirUser launch patient/Patient.read patient/CommunicationRequest.read patient/CommunicationRequest.write',
    )
  })

  it.each([
    ['patient/Communication.crus', 'patient/Communication.read patient/Communication.write'],
    ['user/Location.s', 'user/Location.read'],
    ['patient/Task.u', 'patient/Task.write'],
    ['user/*.cruds', 'user/*.read user/*.write'],
    ['patient/Observation.rs?category=vital-signs', 'patient/Observation.read'],
    ['patient/Patient.read', 'patient/Patient.read'],
    ['patient/Patient.*', 'patient/Patient.*'],
    ['offline_access', 'offline_access'],
  ])('are translated one by one: %s', async (v2, v1) => {
    expect(await launchScope(`launch ${v2}`, 'ehr', host('permission-v1'))).toBe(`launch ${v1}`)
  })

  it.each([
    ['knows both', host('permission-v1', 'permission-v2')],
    ['says nothing of itself', host()],
    [
      'cannot be asked',
      async () => {
        throw new EmrError('Reading the SMART configuration: no answer')
      },
    ],
  ])('stay as the install says them where the host %s', async (_what, discover) => {
    expect(await launchScope(installed, 'ehr', discover)).toBe(installed)
  })
})
