import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import type { Emr } from '../../sandbox/emr/start-emr.ts'
import { readFeedWishes } from '../../src/compose/feed-wishes.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { instant } from '../../src/domain/time.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import { prepareInstall } from '../../src/flows/prepare-install.ts'
import { readInstalls } from '../../src/install-file.ts'
import {
  type Closing,
  type Deployment,
  openDeployment,
  openHost,
  openStore,
  recordsOf,
} from './clinic-to-install.ts'

interface Lack {
  need: string
  way: 'polled' | 'sidecar' | 'missing'
  because: string
}

interface Case {
  like: LikeName
  kind: 'full' | 'sidecar' | 'mixed'
  hasStore: boolean
  flags: string[]
  lacks: Lack[]
  scopes: { worker?: string; app?: string }
}

const typed = ['--client-id', 'qasid-worker', '--app-client-id', 'qasid-app']

const keptBeside = 'the host keeps none of our records'
const sidecar: Lack[] = [
  ...['Consent', 'Communication', 'CommunicationRequest', 'Binary', 'AppointmentResponse', 'Task'],
  ...['Provenance', 'AuditEvent', 'ActivityDefinition', 'Basic'],
].map((need) => ({ need, way: 'sidecar', because: keptBeside }))
const noRight: Lack = { need: 'profiles', way: 'missing', because: 'the worker has no scope for definitions' }

const whole =
  'system/Patient.rs system/Practitioner.rs system/Location.rs system/Appointment.rs system/Consent.crus system/Communication.crus system/CommunicationRequest.crus system/AppointmentResponse.cs system/Task.crus system/Provenance.cs system/AuditEvent.c system/ActivityDefinition.crus system/Basic.cs system/Subscription.cruds system/Appointment.u system/DocumentReference.r system/Binary.cru system/Basic.d system/ActivityDefinition.d'
const wholeApp =
  'openid fhirUser launch launch/patient user/Practitioner.r user/Location.r patient/Patient.r patient/Appointment.rs patient/Consent.rs patient/Communication.rs patient/CommunicationRequest.crs patient/DocumentReference.rs patient/Binary.r'
const chart =
  'system/Patient.rs system/Practitioner.rs system/Location.rs system/Appointment.rs system/Consent.rs'
const chartApp =
  'openid fhirUser launch launch/patient user/Practitioner.r user/Location.r patient/Patient.r patient/Appointment.rs patient/Consent.rs patient/DocumentReference.rs patient/Binary.r'

const cases: Case[] = [
  {
    like: 'full',
    kind: 'full',
    hasStore: false,
    flags: [],
    lacks: [noRight],
    scopes: { worker: whole, app: wholeApp },
  },
  {
    ...{ like: 'full', kind: 'mixed', hasStore: true, flags: ['--write-back'] },
    lacks: sidecar.filter(({ need }) => need !== 'AppointmentResponse'),
    scopes: {
      worker: `${chart.replace('Consent.rs', 'Consent.rs system/Communication.crus system/AppointmentResponse.cs system/Subscription.cruds')} system/Appointment.u system/DocumentReference.r system/Binary.r`,
      app: chartApp,
    },
  },
  {
    ...{ like: 'hapi', kind: 'full', hasStore: false, flags: [], scopes: {} },
    lacks: [{ need: 'launch', way: 'missing', because: 'a plain HAPI signs nobody in' }],
  },
  {
    ...{ like: 'medplum', kind: 'full', hasStore: false, flags: ['--token-env', 'ADMIN_TOKEN'] },
    lacks: [noRight],
    scopes: { worker: whole, app: wholeApp },
  },
  {
    ...{ like: 'epic', kind: 'sidecar', hasStore: true, flags: typed },
    lacks: [
      ...sidecar,
      { need: 'visits', way: 'polled', because: 'they are found by patient only' },
      { need: 'changes', way: 'polled', because: 'it has neither Subscriptions nor _lastUpdated' },
    ],
    scopes: { worker: `${chart} system/DocumentReference.r system/Binary.r`, app: chartApp },
  },
  {
    ...{ like: 'oracle', kind: 'sidecar', hasStore: true, flags: [...typed, '--write-back'] },
    lacks: [
      ...sidecar,
      { need: 'visits', way: 'polled', because: 'they are found by place and day' },
      { need: 'changes', way: 'polled', because: 'it has neither Subscriptions nor _lastUpdated' },
      { need: 'write-back', way: 'missing', because: 'its Communication is the inbox of staff' },
    ],
    scopes: {
      worker: `${chart} system/Appointment.u system/DocumentReference.r system/Binary.r`,
      app: chartApp,
    },
  },
  {
    ...{ like: 'openemr', kind: 'sidecar', hasStore: true, flags: [] },
    lacks: [...sidecar, { need: 'changes', way: 'polled', because: 'it has no Subscriptions' }],
    scopes: {
      worker:
        'system/Patient.read system/Practitioner.read system/Location.read system/Appointment.read system/DocumentReference.read system/Binary.read',
      app: 'openid fhirUser launch launch/patient patient/Patient.read patient/Appointment.read patient/DocumentReference.read patient/Binary.read',
    },
  },
]

describe.each(cases)('an EMR like $like, to be $kind', ({ like, kind, hasStore, flags, lacks, scopes }) => {
  const closings: (() => void | Promise<void>)[] = []
  let clinic: Deployment
  let host: Emr
  let store: Emr
  const closing: Closing = (close) => void closings.unshift(close)
  beforeAll(async () => {
    clinic = await openDeployment({}, closing)
    host = await openHost(clinic.baseUrl, like, closing)
    store = await openStore(clinic.baseUrl, closing)
  })
  afterAll(async () => {
    for (const close of closings) await close()
  })

  const install = (...more: string[]) => {
    const beside = hasStore ? ['--store', store.fhirUrl] : []
    return clinic.report(
      'install',
      host.fhirUrl,
      '--id',
      'clinic',
      '--with',
      'clinic.json',
      ...flags,
      ...beside,
      ...more,
    )
  }
  const asWorker = ({ fhirUrl }: Emr) =>
    createEmr({
      ...{ baseUrl: fhirUrl, token: fixedToken('sandbox-admin') },
      ...(hasStore && { hostBase: host.fhirUrl }),
    })

  it('is installed, and the report says what it lacks and nothing else', async () => {
    const report = await install()
    expect(report).toMatchObject({ install: 'clinic', kind, against: [], left: [] })
    const lacking = report.rows.filter(({ way }) => way !== 'native').map(({ need, way }) => `${need} ${way}`)
    expect(lacking.sort()).toEqual(lacks.map(({ need, way }) => `${need} ${way}`).sort())
    expect(report.rows.map(({ says }) => says).filter((one) => !/^[A-Z].+\.$/.test(one))).toEqual([])
  })

  it('gives each client what stands there, and no more', async () => {
    const [file] = await readInstalls(clinic.config)
    expect({ worker: file?.host.scope, app: file?.app?.scope }).toEqual({
      ...{ worker: undefined, app: undefined },
      ...scopes,
    })
    expect(file?.store?.fhirBase).toBe(hasStore ? store.fhirUrl : undefined)
    expect(file?.writeBack).toBe(kind === 'mixed')
  })

  it('is the same install when it is installed again: nothing is registered, written or changed', async () => {
    const records = [await recordsOf(host), await recordsOf(store)]
    const before = await clinic.files()
    await install()
    expect([await recordsOf(host), await recordsOf(store)]).toEqual(records)
    const after = await clinic.files()
    expect(after['installs/clinic.json']).toBe(before['installs/clinic.json'])
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort())
  })

  it('is as it was after it is uninstalled, also when a worker had begun its work', async () => {
    const { clients } = await recordsOf(host)
    const untouched = await recordsOf(await openHost(clinic.baseUrl, like, closing))
    const [file] = await readInstalls(clinic.config)
    if (!file) throw new Error('nothing was installed')
    const records = asWorker(hasStore ? store : host)
    const now = () => instant(1_790_000_000_000)
    await prepareInstall({ install: 'clinic', store: records, now }, file.settings, standardTemplates)
    if (['full', 'hapi', 'medplum'].includes(like))
      for (const { hook, criteria } of await readFeedWishes(clinic.config, 'clinic'))
        await ensureSubscription(asWorker(host), { ...hook, criteria })
    const token = like === 'medplum' ? ['--token-env', 'ADMIN_TOKEN'] : []

    const { code, err } = await clinic.qasid('uninstall', 'clinic', '--yes', ...token)

    // Only its own administrators take a client away.
    const staysKnown = like === 'openemr'
    expect(await recordsOf(host)).toEqual({ ...untouched, ...(staysKnown && { clients }) })
    expect(clients.filter(({ id }) => err.includes(id)).length).toBe(
      staysKnown || flags.includes('--client-id') ? 2 : 0,
    )
    expect(code).toBe(staysKnown ? 1 : 0)
    expect(await recordsOf(store)).toEqual({ resources: [], clients: [] })
    expect(Object.keys(await clinic.files())).toEqual(['installs/clinic.json.uninstalled'])
  })
})
