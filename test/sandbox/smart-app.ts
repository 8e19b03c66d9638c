/** A browser with an app in it, as far as an authorization code flow needs one: cookies, redirects, PKCE. */
import { createHash, randomBytes } from 'node:crypto'

/** The EMR that the app talks to. */
export interface SmartOrigin {
  origin: string
  fhirUrl: string
}

export const redirectUri = 'http://localhost:8080/app'
export const fullScope = 'openid fhirUser launch patient/Communication.crus user/Patient.read'

export interface Browser {
  get(url: string): Promise<Response>
  post(url: string, form: Record<string, string>): Promise<Response>
}

export function createBrowser(): Browser {
  const jar = new Map<string, { value: string; path: string }>()
  async function request(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url)
    const cookies = [...jar].filter(([, { path }]) => pathname.startsWith(path))
    const cookie = cookies.map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const path = attributes.find((one) => one.startsWith('path='))?.slice(5) ?? '/'
      const [name = '', value = ''] = pair.split('=')
      jar.set(`${name} ${path}`, { value, path })
    }
    return response
  }
  return {
    get: (url) => request(url, {}),
    post: (url, form) => request(url, { method: 'POST', body: new URLSearchParams(form) }),
  }
}

/** Follows redirects until a page is shown or the app is reached. */
export async function follow(browser: Browser, from: string): Promise<{ url: URL; response?: Response }> {
  let url = from
  for (let hops = 0; hops < 10; hops += 1) {
    if (url.startsWith(redirectUri)) return { url: new URL(url) }
    const response = await browser.get(url)
    const next = response.headers.get('location')
    if (!next) return { url: new URL(url), response }
    url = new URL(next, url).href
  }
  throw new Error('Too many redirects')
}

export function createAuthorization(emr: SmartOrigin, overrides: Record<string, string | undefined> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const params: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'qasid-app',
    redirect_uri: redirectUri,
    scope: fullScope,
    state: 'state-1',
    aud: emr.fhirUrl,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...overrides,
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, value)
  return { verifier, url: `${emr.origin}/oauth/authorize?${query}` }
}

export function exchange(
  emr: SmartOrigin,
  code: string | null,
  verifier: string,
  clientId = 'qasid-app',
): Promise<Response> {
  return fetch(`${emr.origin}/oauth/token`, {
    method: 'POST',
    headers: { origin: 'http://localhost:8080' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code: code ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  })
}

/** A whole launch, from the request to the token response. */
export async function launchApp(
  emr: SmartOrigin,
  overrides: Record<string, string | undefined>,
  browser: Browser = createBrowser(),
): Promise<Record<string, unknown>> {
  const { url, verifier } = createAuthorization(emr, overrides)
  const end = await follow(browser, url)
  const response = await exchange(emr, end.url.searchParams.get('code'), verifier)
  return (await response.json()) as Record<string, unknown>
}
