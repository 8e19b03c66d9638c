import type Client from 'fhirclient/lib/Client'
import { describe, expect, it } from 'vitest'
import { openChart } from '../../smart-app/src/launch/open-chart.ts'
import { now } from './chart-sample.ts'

const base = 'https://emr.example/fhir'
const asked = 'openid launch patient/Patient.r patient/CommunicationRequest.crs patient/DocumentReference.rs'

/** The SMART library after a launch, and the world around; the backend gives no session. */
async function open(
  tokenResponse: object,
  { patient = 'layla' as string | null, nonce = 'ours', serverUrl = base } = {},
) {
  const calls: unknown[] = []
  const stored = new Map([['qasid.nonce', nonce]])
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  } as Storage
  const client = {
    state: { serverUrl, scope: asked, clientId: 'qasid-app', tokenUri: `${base}/token`, tokenResponse },
    patient: { id: patient },
    user: { fhirUser: `${base}/Practitioner/mona` },
    environment: {},
  } as unknown as Client
  const opening = await openChart(client, {
    ...{ storage, now: () => now, random: (bytes) => new Uint8Array(bytes), zone: 'Asia/Dubai' },
    origin: 'https://qasid.example',
    fetch: async (_path, init) => {
      calls.push(JSON.parse(String(init?.body)))
      return new Response('', { status: 401 })
    },
  })
  return { opening, calls, launched: opening.kind === 'launched' ? opening.launched : undefined }
}

describe('a launch that the host completed', () => {
  it('opens the chart of the patient in context, for the clinician who is there', async () => {
    const { launched } = await open({ access_token: 't' })
    expect(launched).toMatchObject({
      ...{ patient: 'Patient/layla', user: 'Practitioner/mona', showBanner: true },
      ...{ mayWrite: true, mayAttach: true, context: { intent: 'thread' } },
    })
  })

  it('without a patient opens none', async () => {
    expect((await open({ access_token: 't' }, { patient: null })).opening).toEqual({ kind: 'no-patient' })
  })

  it('is of one host, however that was spelled', async () => {
    const { calls } = await open({ id_token: 'i' }, { serverUrl: 'HTTPS://EMR.Example/fhir/' })
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect(call).toEqual({ iss: base, idToken: 'i', patient: 'Patient/layla' })
  })

  it('leaves the banner to the host only where that says so', async () => {
    expect((await open({ need_patient_banner: false })).launched?.showBanner).toBe(false)
    expect((await open({ need_patient_banner: true })).launched?.showBanner).toBe(true)
  })

  it('shows less where less was granted than asked for', async () => {
    const { launched } = await open({
      scope: 'openid launch patient/Patient.r patient/CommunicationRequest.rs',
    })
    expect(launched).toMatchObject({ mayWrite: false, mayAttach: false })
    expect(launched?.shown).toMatchObject({ Patient: 'all', CommunicationRequest: 'all' })
  })

  it('hands on what the host opened it for', async () => {
    const said = { intent: 'compose', fhirContext: [{ reference: 'Appointment/a1' }] }
    expect((await open(said)).launched?.context).toEqual({ intent: 'compose', visit: 'Appointment/a1' })
  })

  it('is none of ours when its id_token answers another launch', async () => {
    const idToken = `e30.${btoa(JSON.stringify({ nonce: 'another' }))}.x`
    await expect(open({ id_token: idToken })).rejects.toThrow('another launch')
  })
})
