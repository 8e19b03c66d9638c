import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestEmr, type TestEmr } from './pages-test-clinic.ts'
import {
  createAuthorization,
  createBrowser,
  exchange,
  follow,
  fullScope,
  launchApp,
  redirectUri,
} from './smart-app.ts'

let emr: TestEmr
let now = Date.now()
const warned = vi.spyOn(console, 'warn')
const noticed = vi.spyOn(console, 'info')

beforeAll(async () => {
  emr = await startTestEmr({ now: () => now })
})
afterAll(() => emr.stop())

const mint = () => emr.smart.mintLaunch({ patient: 'amal', practitioner: 'saleh' })

describe('an EHR launch', () => {
  it('gives the app the patient, the practitioner and what it asked for, without any page in between', async () => {
    const { url, verifier } = createAuthorization(emr, { launch: mint() })
    const end = await follow(createBrowser(), url)
    expect(end.url.href).toContain(redirectUri)
    expect(end.url.searchParams.get('state')).toBe('state-1')

    const response = await exchange(emr, end.url.searchParams.get('code'), verifier)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080')
    const tokens = (await response.json()) as Record<string, unknown>
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      patient: 'amal',
      need_patient_banner: true,
    })
    expect(String(tokens.scope).split(' ').sort()).toEqual(fullScope.split(' ').sort())
  })

  it('signs an id_token that names the practitioner and can be checked against the published keys', async () => {
    const tokens = await launchApp(emr, { launch: mint(), nonce: 'nonce-1' })
    const keys = createRemoteJWKSet(new URL(`${emr.origin}/oauth/jwks`))
    const { payload } = await jwtVerify(String(tokens.id_token), keys, {
      issuer: `${emr.origin}/oauth`,
      audience: 'qasid-app',
    })
    expect(payload).toMatchObject({
      sub: 'saleh',
      fhirUser: `${emr.fhirUrl}/Practitioner/saleh`,
      nonce: 'nonce-1',
    })
    expect(payload.exp).toBeGreaterThan(now / 1000)
  })

  it('gives an access token that opens what its scopes name and nothing else', async () => {
    const tokens = await launchApp(emr, { launch: mint() })
    const access = await emr.smart.authorize(`Bearer ${tokens.access_token}`)
    if (access.kind === 'refused') throw new Error('refused')
    expect(access.may('create', 'Communication')).toBe(true)
    expect(access.may('search', 'Patient')).toBe(true)
    expect(access.may('delete', 'Communication')).toBe(false)
    expect(access.may('update', 'Patient')).toBe(false)
    expect(access.may('read', 'Appointment')).toBe(false)
    expect(access.patientOf('Patient')).toBeUndefined()
  })

  it('keeps an app with only patient scopes inside that patient', async () => {
    const tokens = await launchApp(emr, { launch: mint(), scope: 'openid launch patient/*.rs' })
    const access = await emr.smart.authorize(`Bearer ${tokens.access_token}`)
    expect(access.kind === 'allowed' && access.patientOf('Patient')).toBe('amal')
  })

  it('answers for the second practitioner when two launch in one browser', async () => {
    const browser = createBrowser()
    await launchApp(emr, { launch: mint() }, browser)
    const launch = emr.smart.mintLaunch({ patient: 'bob', practitioner: 'okoro' })
    const tokens = await launchApp(emr, { launch }, browser)
    expect(tokens.patient).toBe('bob')
  })

  it('renews the access token for an app that asked to stay online', async () => {
    const tokens = await launchApp(emr, { launch: mint(), scope: `${fullScope} online_access` })
    const renewed = await fetch(`${emr.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'qasid-app',
        refresh_token: String(tokens.refresh_token),
      }),
    })
    expect(await renewed.json()).toMatchObject({ patient: 'amal', access_token: expect.any(String) })
  })

  it('needs none of the development aids of its library', () => {
    expect(warned).not.toHaveBeenCalled()
    expect(noticed).not.toHaveBeenCalled()
  })
})

describe('an authorization request that cannot be honoured', () => {
  const answer = async (overrides: Record<string, string | undefined>) =>
    follow(createBrowser(), createAuthorization(emr, overrides).url)

  it.each([
    ['names another FHIR server', { aud: 'https://other.example/fhir' }, 'invalid_request'],
    ['names no FHIR server', { aud: undefined }, 'invalid_request'],
    ['carries an unknown launch', { launch: 'made-up' }, 'invalid_request'],
    [
      'has no code challenge',
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
    ['asks only for a backend’s scopes', { scope: 'system/*.rs' }, 'invalid_scope'],
  ])('is sent back to the app when it %s', async (_what, overrides, error) => {
    const { url } = await answer(overrides)
    expect(url.href).toContain(redirectUri)
    expect(url.searchParams.get('error')).toBe(error)
    expect(url.searchParams.get('code')).toBeNull()
  })

  it('shows a page when the app’s address is not the registered one', async () => {
    const { response } = await answer({ redirect_uri: 'http://localhost:9999/app', launch: mint() })
    expect(response?.status).toBe(400)
    expect(await response?.text()).toContain('This app could not be opened')
  })

  it('uses a launch once', async () => {
    const launch = mint()
    await launchApp(emr, { launch })
    expect((await answer({ launch })).url.searchParams.get('error')).toBe('invalid_request')
  })

  it('forgets a launch after five minutes', async () => {
    const launch = mint()
    now += 5 * 60_000 + 1
    expect((await answer({ launch })).url.searchParams.get('error')).toBe('invalid_request')
    now = Date.now()
  })

  it('gives nothing for a wrong verifier', async () => {
    const { url } = createAuthorization(emr, { launch: mint() })
    const end = await follow(createBrowser(), url)
    const response = await exchange(emr, end.url.searchParams.get('code'), 'x'.repeat(43))
    expect(response.status).toBe(400)
  })
})

describe('a token that is not ours', () => {
  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['is no JWT', 'Bearer abc'],
    ['is of another kind', 'Basic cWFzaWQ6'],
  ])('is refused when it %s', async (_what, authorization) => {
    expect(await emr.smart.authorize(authorization)).toEqual({ kind: 'refused' })
  })

  it('is refused when it is an id_token', async () => {
    const tokens = await launchApp(emr, { launch: mint() })
    expect(await emr.smart.authorize(`Bearer ${tokens.id_token}`)).toEqual({ kind: 'refused' })
  })
})

describe('a standalone launch', () => {
  it('asks for practitioner and patient, and goes on with both', async () => {
    const browser = createBrowser()
    const scope = 'openid fhirUser launch/patient patient/Communication.rs'
    const { url, verifier } = createAuthorization(emr, { scope })
    const shown = await follow(browser, url)
    const text = await shown.response?.text()
    expect(text).toContain('>Dr Noura Saleh</option>')
    expect(text).toContain('Amal &lt;b&gt;Test&lt;/b&gt;')

    const answered = await browser.post(shown.url.href, { practitioner: 'okoro', patient: 'bob' })
    const end = await follow(browser, answered.headers.get('location') ?? '')
    const response = await exchange(emr, end.url.searchParams.get('code'), verifier)
    expect(await response.json()).toMatchObject({ patient: 'bob', scope: expect.stringContaining('patient') })
  })

  it('is refused for a patient that the clinic does not have', async () => {
    const browser = createBrowser()
    const { url } = createAuthorization(emr, { scope: 'openid launch/patient' })
    const shown = await follow(browser, url)
    const answered = await browser.post(shown.url.href, { practitioner: 'okoro', patient: 'nobody' })
    const end = await follow(browser, answered.headers.get('location') ?? '')
    expect(end.url.searchParams.get('error')).toBe('access_denied')
  })

  it('explains itself to a browser that did not begin it', async () => {
    const response = await fetch(`${emr.origin}/oauth/interaction/unknown`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('open')
  })
})
