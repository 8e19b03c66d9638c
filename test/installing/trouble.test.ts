import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { selfSigned } from '../unit/self-signed.ts'
import { recordsOf, startDeployment, startHost } from './clinic-to-install.ts'
import { type Pages, startAndStop, startPages, stating, types } from './pages.ts'

const metadata = { '/fhir/metadata': () => stating() }
const smart = {
  ...metadata,
  '/fhir/.well-known/smart-configuration': (origin: string) => ({
    json: {
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      token_endpoint_auth_signing_alg_values_supported: ['ES384'],
    },
  }),
}
const registers = { ...smart, '/register': () => ({ status: 201, json: { client_id: 'given' } }) }
const refusing = (error: string, headers: Record<string, string> = {}): Pages => ({
  ...registers,
  '/token': () => ({ status: error === 'invalid_client' ? 401 : 400, headers, json: { error } }),
})

const yesterday = () => new Date(Date.now() - 86_400_000).toUTCString()

const cases: [what: string, pages: Pages, sentence: RegExp][] = [
  ['has no metadata', {}, /no CapabilityStatement at .*\/fhir\/metadata: is that the FHIR base URL\?/],
  [
    'answers with a page for people',
    { '/fhir/metadata': () => ({ text: '<html>' }) },
    /did not answer as a FHIR server: .*not FHIR/,
  ],
  [
    'shows its metadata to nobody',
    { '/fhir/metadata': () => ({ status: 401, json: {} }) },
    /shows its CapabilityStatement to nobody \(401\)/,
  ],
  [
    'is not well',
    { '/fhir/metadata': () => ({ status: 503, json: {} }) },
    /answered 503 .*try again when it is well/,
  ],
  ['speaks R5', { '/fhir/metadata': () => stating(types, '5.0.0') }, /speaks FHIR 5\.0\.0 .*Qasid speaks R4/],
  ['says no version', { '/fhir/metadata': () => stating(types, '') }, /FHIR of no stated version/],
  [
    'has half a SMART configuration',
    { ...metadata, '/fhir/.well-known/smart-configuration': () => ({ json: { capabilities: [] } }) },
    /SMART configuration that cannot be used: .*names no token_endpoint/,
  ],
  [
    'registers for administrators only',
    { ...smart, '/register': () => ({ status: 401, json: {} }) },
    /administrators only: .*--token-env/,
  ],
  ['has no registration where it says', smart, /no registration where it says .*--dialect by-hand/],
  [
    'does not take our address',
    { ...smart, '/register': () => ({ status: 400, json: { error: 'invalid_redirect_uri' } }) },
    /does not take our redirect address: QASID_BASE_URL/,
  ],
  [
    'does not take what we say of ourselves',
    { ...smart, '/register': () => ({ status: 400, json: { error: 'invalid_client_metadata' } }) },
    /invalid_client_metadata.*--dialect by-hand/,
  ],
  [
    'cannot fetch our keys',
    refusing('invalid_client'),
    /could not fetch its keys \(invalid_client\): from there http.*jwks\/clinic\.json must be reachable/,
  ],
  [
    'has another clock',
    refusing('invalid_client', { date: yesterday() }),
    /its clock and ours differ: .*Set the clock/,
  ],
  [
    'gives no such scopes',
    refusing('invalid_scope'),
    /does not give the worker its scopes: allow system\/Patient\.rs/,
  ],
  [
    'has not enabled the client',
    refusing('unauthorized_client'),
    /does not let it sign in \(unauthorized_client\): an administrator must enable it/,
  ],
]

describe('an EMR that', () => {
  it.each(cases)('%s is no install, and a sentence says why', async (_what, pages, sentence) => {
    const clinic = await startDeployment()
    const fhirBase = await startPages(pages)
    const { code, out, err } = await clinic.qasid(
      'install',
      fhirBase,
      '--id',
      'clinic',
      '--with',
      'clinic.json',
    )
    expect(
      err
        .split('\n')
        .at(-1)
        ?.replace(/Left at the server.*/, '') || err,
    ).toMatch(sentence)
    expect([code, out]).toEqual([1, ''])
    expect(await clinic.files()).toEqual({})
  })

  it('is not up is named with its port', async () => {
    const clinic = await startDeployment()
    const { code, err } = await clinic.qasid('install', await startAndStop(), '--with', 'clinic.json')
    expect(err).toMatch(/Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/)
    expect(code).toBe(1)
  })

  it('shows a certificate that nobody vouches for is not believed', async () => {
    const server = createServer(selfSigned(), (_request, response) => void response.end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const clinic = await startDeployment()
    const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
    const { err } = await clinic.qasid('install', base, '--with', 'clinic.json')
    expect(err).toMatch(/a certificate that this machine does not trust \(\w+\): .*NODE_EXTRA_CA_CERTS/)
  })

  it('grants less than the records need is not ready, and gives its clients back', async () => {
    const clinic = await startDeployment()
    const given = { access_token: 'token', expires_in: 300, scope: 'system/Patient.rs system/Appointment.rs' }
    const fhirBase = await startPages({ ...registers, '/token': () => ({ json: given }) })
    const { against, rows } = await clinic.report('install', fhirBase, '--with', 'clinic.json')
    expect(against.join(' ')).toMatch(/was not given system\/Consent\.crus, .*allows that for its client/)
    expect(rows.find(({ need }) => need === 'scopes')?.way).toBe('missing')
    expect(await clinic.files()).toEqual({})
  })

  it('waits for an administrator to enable our clients is installed with their ids', async () => {
    const clinic = await startDeployment()
    const fhirBase = await startPages({
      ...refusing('unauthorized_client'),
      '/register': (origin) => ({
        json: {
          client_id: 'waits',
          registration_client_uri: `${origin}/waits`,
          registration_access_token: 'opens-it',
        },
      }),
      // It answers a wish to delete as a wish to read.
      '/waits': () => ({ status: 403, json: {} }),
    })
    const { err } = await clinic.qasid('install', fhirBase, '--with', 'clinic.json')
    expect(err).toMatch(
      /enable it\. Our clients stay known there: once they are enabled, run the same command with --client-id waits --app-client-id waits\./,
    )
  })

  it('cannot reach our web process is told from one that refuses us', async () => {
    const clinic = await startDeployment({ publishes: false })
    const host = await startHost(clinic.baseUrl, 'full')
    const before = await recordsOf(host)
    const { code, err } = await clinic.qasid('install', host.fhirUrl, '--with', 'clinic.json')
    expect(err).toMatch(/could not fetch our keys .*Start qasid serve first/)
    expect(code).toBe(1)
    expect(await recordsOf(host)).toEqual(before)
    expect(await clinic.files()).toEqual({})
  })

  it('refuses Subscriptions is asked instead', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    await fetch(`${host.url}/sandbox/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ answer: '403', type: 'Subscription' }),
    })
    const { rows, against } = await clinic.report('install', host.fhirUrl, '--with', 'clinic.json')
    expect(rows.find(({ need }) => need === 'changes')).toEqual({
      ...{ need: 'changes', way: 'polled' },
      says: 'We ask the host every minute what changed, because it refused what is better.',
      detail: 'poll no-topic refused',
    })
    expect(against).toEqual([])
  })
})
