/** A clinician's session, opened as the app opens it: launch from the chart, authorization code with PKCE, id_token. */
import { createHash, randomBytes } from 'node:crypto'
import { clinicians } from '../../sandbox/clinic/places.ts'
import type { Rig } from './rig.ts'

const clientId = 'qasid-app'

/** Says "now" for a request, as the app does after it wrote one. */
export type Nudge = (request: string) => Promise<void>

export async function openSession({ store, clinic }: Rig, patient: string): Promise<Nudge> {
  const { fhirUrl } = store
  const idToken = await launch(fhirUrl, clinic.webUrl, patient)
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${clinic.webUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const opened = await post('/api/session', { iss: fhirUrl, idToken, patient: `Patient/${patient}` })
  const { token } = (await opened.json()) as { token?: string }
  if (!token) throw new Error(`No session was opened (${opened.status})`)
  return async (request) => {
    const answer = await post('/api/nudge', { request }, { authorization: `Bearer ${token}` })
    if (answer.status !== 202) throw new Error(`A nudge was answered ${answer.status}`)
  }
}

async function launch(fhirUrl: string, webUrl: string, patient: string): Promise<string> {
  const origin = new URL(fhirUrl).origin
  const verifier = randomBytes(32).toString('base64url')
  const redirectUri = `${webUrl}/app`
  const code = await walk(
    `${origin}/oauth/authorize?${new URLSearchParams({
      ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state: 'bench' },
      ...{ scope: 'openid fhirUser launch patient/Communication.rs', aud: fhirUrl },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      launch: await mintLaunch(origin, patient),
    })}`,
    redirectUri,
  )
  const form = { grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri }
  const answer = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { origin: webUrl },
    body: new URLSearchParams({ ...form, code_verifier: verifier }),
  })
  const { id_token: idToken } = (await answer.json()) as { id_token?: string }
  if (!idToken) throw new Error(`The EMR gave no id_token (${answer.status})`)
  return idToken
}

async function mintLaunch(origin: string, patient: string): Promise<string> {
  const practitioner = clinicians[0]?.id ?? ''
  const page = await fetch(`${origin}/patients/${patient}/launch?practitioner=${practitioner}`, {
    redirect: 'manual',
  })
  return new URL(page.headers.get('location') ?? '', origin).searchParams.get('launch') ?? ''
}

/** Follows redirects with their cookies, as a browser; to the code that the app is given. */
async function walk(from: string, redirectUri: string): Promise<string> {
  const jar = new Map<string, string>()
  let url = from
  for (let hops = 0; hops < 10; hops += 1) {
    if (url.startsWith(redirectUri)) return new URL(url).searchParams.get('code') ?? ''
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    url = new URL(answer.headers.get('location') ?? '', url).href
  }
  throw new Error('The launch goes in circles')
}
