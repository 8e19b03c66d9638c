import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startScriptedServer } from '../unit/emr-scripted-server.ts'
import { selfSigned } from '../unit/self-signed.ts'
import { recordsOf, startDeployment, startHost, startStore, wished } from './clinic-to-install.ts'

/** What a host says under a path; a function of its origin. */
interface Page {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
}
type Pages = Record<string, (origin: string) => Page>

async function startPages(pages: Pages): Promise<string> {
  const server = await startScriptedServer((response, { url, headers }) => {
    const origin = `http://${headers.host}`
    const page = pages[url]?.(origin) ?? { status: 404, json: { resourceType: 'OperationOutcome' } }
    const { status = 200, headers: more, json, text = JSON.stringify(json) } = page
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text)
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return `${server.origin}/fhir`
}

/** A machine at which nobody listens any more. */
async function startAndStop(): Promise<string> {
  const server = await startScriptedServer()
  await server[Symbol.asyncDispose]()
  return `${server.origin}/fhir`
}

const all = ['read', 'search-type', 'create', 'update', 'delete']
const types =
  'Patient Appointment Consent Communication CommunicationRequest Task Provenance AuditEvent ActivityDefinition Basic'
const stating = (names = types, fhirVersion = '4.0.1') => ({
  json: {
    ...{ resourceType: 'CapabilityStatement', fhirVersion },
    rest: [
      {
        mode: 'server',
        resource: names.split(' ').map((type) => ({ type, interaction: all.map((code) => ({ code })) })),
      },
    ],
  },
})

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
    })
    expect(against).toEqual([])
  })
})

describe('a store that', () => {
  it('lacks what we keep is no store, and the host forgets us', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const before = await recordsOf(host)
    const store = await startPages({ '/fhir/metadata': () => stating('Consent Communication Basic') })
    const { against } = await clinic.report(
      'install',
      host.fhirUrl,
      '--with',
      'clinic.json',
      '--store',
      store,
    )
    expect(against[0]).toBe(
      'The store cannot keep CommunicationRequest, Task, Provenance, AuditEvent, ActivityDefinition.',
    )
    expect(await recordsOf(host)).toEqual(before)
    expect(await clinic.files()).toEqual({})
  })

  it('is not there leaves nothing at the host either', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const before = await recordsOf(host)
    const away = ['--store', await startAndStop()]
    const { err } = await clinic.qasid('install', host.fhirUrl, '--with', 'clinic.json', ...away)
    expect(err).toMatch(/Nothing listens at 127\.0\.0\.1:\d+/)
    expect(await recordsOf(host)).toEqual(before)
    expect(await clinic.files()).toEqual({})
  })

  it('is another install’s, or the EMR itself, or not where the records are, is refused before anything is asked', async () => {
    const clinic = await startDeployment()
    const [one, other, store] = await Promise.all([
      startHost(clinic.baseUrl, 'hapi'),
      startHost(clinic.baseUrl, 'hapi'),
      startStore(clinic.baseUrl),
    ])
    const install = (host: string, ...more: string[]) =>
      clinic.qasid('install', host, '--with', 'clinic.json', ...more)
    expect((await install(one.fhirUrl, '--id', 'one', '--store', store.fhirUrl)).code).toBe(0)
    const refused = await Promise.all([
      install(other.fhirUrl, '--id', 'other', '--store', store.fhirUrl),
      install(other.fhirUrl, '--id', 'other', '--store', other.fhirUrl),
      install(one.fhirUrl, '--store', other.fhirUrl),
      install(one.fhirUrl, '--id', 'another'),
      install(other.fhirUrl, '--id', 'one'),
    ])
    expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
    const sentences = [
      /The install one has its records at .*: each install needs a store of its own/,
      /The store is the EMR itself/,
      /The records of one are at .* and install moves none/,
      /That EMR is the install one already/,
      /The id one is that of another EMR's install/,
    ]
    sentences.forEach((sentence, index) => {
      expect(refused[index]?.err).toMatch(sentence)
    })
  })
})

describe('a command line that', () => {
  it.each([
    [['clinic'], /That is no URL/],
    [['http://emr.example/fhir'], /must be under https/],
    [['https://emr.example/fhir?x=1'], /nothing after its path/],
    [['https://emr.example/fhir', '--with', 'other.json'], /The file of --with cannot be read/],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--dialect', 'esperanto'],
      /--dialect is one of rfc7591/,
    ],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--token-env', 'NOT_SET'],
      /the variable NOT_SET is not set/,
    ],
    [['https://emr.example/fhir'], /senders and settings are not known yet/],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--write-back'],
      /writeBack is for a store beside the host/,
    ],
    [['https://emr.example/fhir', '--stor', 'x'], /did you mean --store\?/],
  ])('says %j is told what is wrong, and nobody is asked', async (args, sentence) => {
    const clinic = await startDeployment()
    const { code, err } = await clinic.qasid('install', ...args)
    expect(err).toMatch(sentence)
    expect(code).toBeGreaterThan(0)
    expect(await clinic.files()).toEqual({})
  })

  it('names senders that could not be sent through is refused too', async () => {
    const [sender] = wished.senders
    const clinic = await startDeployment({ clinic: { ...wished, senders: [{ ...sender, credentials: {} }] } })
    const { code, err } = await clinic.qasid('install', 'https://emr.example/fhir', '--with', 'clinic.json')
    expect(err).toMatch(/senders\.sms\.credentials/)
    expect(code).toBe(1)
  })
})
