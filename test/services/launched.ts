/** The clinician's app in one clinic, as far as our backend sees it: a launch from the chart, a session, what is told live. */

import { until } from '../journeys/until.ts'
import { createAuthorization, createBrowser, follow } from '../sandbox/smart-app.ts'
import type { Clinic, Deployment } from './deployment.ts'

type Place = Pick<Deployment, 'url'>

export interface Launched {
  iss: string
  idToken: string
  accessToken: string
}

/** By the first practitioner of the host. */
export async function launch({ url }: Place, { host }: Clinic, patient: string): Promise<Launched> {
  const chart = await fetch(`${host.url}/patients/${patient}/launch`, { redirect: 'manual' })
  const launch = new URL(chart.headers.get('location') ?? '').searchParams.get('launch') ?? ''
  const redirect_uri = `${url}/app`
  const scope = 'openid fhirUser launch patient/Patient.rs user/Patient.rs'
  const asked = { launch, redirect_uri, scope }
  const authorization = createAuthorization({ origin: host.url, fhirUrl: host.fhirUrl }, asked)
  const end = await follow(createBrowser(), authorization.url)
  const body = new URLSearchParams({
    ...{ grant_type: 'authorization_code', client_id: 'qasid-app', redirect_uri },
    ...{ code: end.url.searchParams.get('code') ?? '', code_verifier: authorization.verifier },
  })
  const answer = await fetch(`${host.url}/oauth/token`, { method: 'POST', headers: { origin: url }, body })
  const said = (await answer.json()) as { id_token: string; access_token: string }
  return { iss: host.fhirUrl, idToken: said.id_token, accessToken: said.access_token }
}

export function openSession({ url }: Place, asked: object): Promise<Response> {
  return fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
}

export interface Session {
  token: string
  install: string
  clinic: { name: string; senders: { address: string }[] }
}

export async function sessionOf(
  deployment: Place,
  clinic: Clinic,
  patient: string,
  { accessToken, ...launched }: Launched,
): Promise<Session> {
  const asked = {
    ...launched,
    patient: `Patient/${patient}`,
    ...(clinic.store !== clinic.host && { accessToken }),
  }
  const answer = await openSession(deployment, asked)
  if (!answer.ok) throw new Error(`No session in ${clinic.id}: ${answer.status}`)
  return (await answer.json()) as Session
}

/** What a screen hears from now on. */
export async function listen({ url }: Place, { token }: Session): Promise<{ heard(): string; stop(): void }> {
  const leaving = new AbortController()
  const { signal } = leaving
  const answer = await fetch(`${url}/live`, { headers: { authorization: `Bearer ${token}` }, signal })
  let text = ''
  const reading = (async () => {
    for await (const part of answer.body ?? []) text += Buffer.from(part).toString()
  })()
  reading.catch(() => undefined)
  await until('the stream is open', () => text.includes('listening'))
  return { heard: () => text.replaceAll(/^:.*$/gm, '').trim(), stop: () => leaving.abort() }
}
