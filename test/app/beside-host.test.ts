/** The clinician's app on a host that keeps none of our records, with everything but the browser as it is: two FHIR servers, SMART, our server. */
import type { FhirResource } from 'fhir/r4'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmr } from '../../sandbox/emr/start-emr.ts'
import { createOurPlace } from '../../smart-app/src/chart/chart-places.ts'
import { createChartReader } from '../../smart-app/src/chart/chart-reader.ts'
import { createFhirHost } from '../../smart-app/src/chart/fhir-host.ts'
import { createBackend } from '../../smart-app/src/launch/backend.ts'
import { createChartDesk } from '../../src/compose/chart-desk.ts'
import { instant, minute } from '../../src/domain/time.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { createIdTokens } from '../../src/emr/id-token.ts'
import { createSmartDiscovery } from '../../src/emr/smart-discovery.ts'
import type { World } from '../../src/flows/ports.ts'
import { readFromChart } from '../../src/flows/read-chart.ts'
import { startWeb, type Web } from '../http/web-under-test.ts'
import { createBrowser, launchApp } from '../sandbox/smart-app.ts'
import { aRequest } from './chart-sample.ts'

const qasidUrl = 'http://localhost:8080'
const chart: FhirResource[] = [
  { resourceType: 'Practitioner', id: 'saleh', name: [{ text: 'Dr Noura Saleh' }] },
  { resourceType: 'Patient', id: 'amal', name: [{ text: 'Amal Sample' }] },
  { resourceType: 'Patient', id: 'bob', name: [{ text: 'Bob Sample' }] },
]
const scope = 'openid fhirUser launch patient/Patient.rs patient/Appointment.rs'
const now = () => instant(Date.now())
const token = fixedToken('sandbox-admin')

let host: Awaited<ReturnType<typeof startEmr>>
let store: Awaited<ReturnType<typeof startEmr>>
let world: Pick<World, 'install' | 'host' | 'store' | 'now'>
let web: Web
beforeAll(async () => {
  const quiet = { port: 0, qasidUrl, retryDelays: [] }
  host = await startEmr({ ...quiet, resources: chart })
  store = await startEmr(quiet)
  world = {
    ...{ install: 'sample-clinic', now },
    host: createEmr({ baseUrl: host.fhirUrl, token }),
    store: createEmr({ baseUrl: store.fhirUrl, token, hostBase: host.fhirUrl }),
  }
  web = await startWeb()
  const idTokens = createIdTokens({
    ...{ baseUrl: host.fhirUrl, clientId: 'qasid-app' },
    discover: createSmartDiscovery(now),
  })
  Object.assign(web.install, {
    fhirBase: host.fhirUrl,
    verifyIdToken: (idToken: string) => idTokens.verify(idToken),
    chart: createChartDesk(world, { fhirBase: host.fhirUrl }),
  } satisfies Partial<Web['install']>)
})
afterAll(() => Promise.all([web.stop(), host.stop(), store.stop()]))

/** The EMR's own button beside a patient, and the app that it opens; `patient` is whose chart the app says it is. */
async function launch(opened: string, patient = `Patient/${opened}`) {
  const browser = createBrowser()
  const page = await browser.get(`${host.url}/patients/${opened}/launch?practitioner=saleh`)
  const address = new URL(page.headers.get('location') ?? '', host.url)
  const emr = { origin: host.url, fhirUrl: host.fhirUrl } as Parameters<typeof launchApp>[0]
  const tokens = await launchApp(emr, { launch: address.searchParams.get('launch') ?? '', scope }, browser)
  const accessToken = String(tokens.access_token)
  const base = host.fhirUrl
  const atHost = createFhirHost({ base, fetch, authorization: async () => `Bearer ${accessToken}` })
  const backend = createBackend(
    (path, init) => fetch(new URL(String(path), web.url), init),
    () => ({
      ...{ iss: base, idToken: String(tokens.id_token), patient },
      accessToken: async () => accessToken,
    }),
  )
  const ours = createOurPlace({ host: atHost, backend, origin: web.url })
  const clinic = { zones: {}, noConsent: 'block', senders: [] } as const
  const parts = { host: atHost, ours, patient, clinic: { ...clinic, senders: [] }, mayReadPlaces: false }
  return { backend, reader: createChartReader({ ...parts, mayReadOwn: () => false }) }
}

describe('on a host that keeps none of our records', () => {
  it('a clinician writes, and reads the conversation, through us', async () => {
    const { backend, reader } = await launch('amal')
    expect(await backend.chart()).toBe('gateway')
    expect((await reader.person()).reference).toBe('Patient/amal')
    const patient = 'Patient/amal'
    const request = aRequest({ key: 'manual_1', reference: undefined, patient, recipient: patient })
    const saved = await reader.saveRequest(request)
    expect(await reader.requests()).toMatchObject([{ reference: saved.reference, patient }])
    const [id = ''] = (saved.reference ?? '').split('/').slice(1)
    const held = await readFromChart(world, 'CommunicationRequest', id, patient)
    expect(held).toMatchObject({ requester: { reference: 'Practitioner/saleh' } })
    const events = await world.store.search('AuditEvent', {})
    expect(events).toMatchObject([{ entity: [{ what: { reference: patient } }] }])
  })

  it('nobody reads of a patient whom the host does not show them, whatever the app says', async () => {
    const { backend, reader } = await launch('amal', 'Patient/bob')
    expect(await backend.chart()).toBeUndefined()
    await expect(reader.requests()).rejects.toThrow()
  })

  it('a long conversation is read to its end', async () => {
    const subject = { reference: 'Patient/bob' }
    const request = { resourceType: 'CommunicationRequest', status: 'revoked', subject } as const
    for (let nth = 0; nth < 450; nth += 50)
      await Promise.all(
        Array.from({ length: 50 }, () => world.store.create({ ...request, doNotPerform: true })),
      )
    const { backend } = await launch('bob')
    const gateway = createFhirHost({
      base: `${web.url}/api/chart`,
      fetch: (url, init = {}) => backend.fetch(String(url), init),
    })
    const found = await gateway.search('CommunicationRequest', { patient: 'Patient/bob', _count: '100' })
    expect(new Set(found.map(({ id }) => id)).size).toBe(450)
  })

  it('a session that is over is followed by another, unseen', async () => {
    const { reader } = await launch('amal')
    const before = await reader.requests()
    web.passTime(11 * minute)
    expect(await reader.requests()).toEqual(before)
  })
})
