import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { iss, startWeb, type Web } from './web-under-test.ts'

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

const get = (path: string, init?: RequestInit) => fetch(`${web.url}${path}`, init)

describe('how we are', () => {
  it('GET /ready is 200 when every part is', async () => {
    const response = await get('/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ready: true, checks: [{ name: 'redis', ok: true }] })
  })

  it('GET /ready is 503 when one part is not, and names it', async () => {
    const checks = [
      { name: 'redis', ok: true },
      { name: 'store sample-clinic', ok: false },
    ]
    web.parts.readiness = async () => checks
    const response = await get('/ready')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ ready: false, checks })
  })

  it.each([
    [true, 200],
    [false, 503],
  ])('GET /health lists the workers; healthy %s is %i', async (healthy, status) => {
    web.parts.health = async () => ({ healthy, report: { healthy, workers: [{ pid: 7 }] } })
    const response = await get('/health')
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ healthy, workers: [{ pid: 7 }] })
  })

  it('GET /metrics is text for Prometheus', async () => {
    const response = await get('/metrics')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(await response.text()).toContain('# HELP qasid_counted_total')
  })

  it('GET /metrics is 503 while the queue is away', async () => {
    web.parts.metrics = async () => {
      throw new QueueUnavailable('redis://:secret@cache.example does not answer')
    }
    const response = await get('/metrics')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.text()).not.toContain('cache.example')
  })

  it('a check that throws is a 500 without detail', async () => {
    web.parts.readiness = async () => {
      throw new Error('ECONNREFUSED 10.0.0.7:6379')
    }
    const response = await get('/ready')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('10.0.0.7')
    expect(web.errors).toMatchObject([{ facts: { code: 'GET 500' } }])
  })
})

describe('who we are', () => {
  it('GET /plugin.manifest.json is the resolved manifest', async () => {
    expect(await (await get('/plugin.manifest.json')).json()).toEqual(web.parts.manifest)
  })

  it('GET /.well-known/jwks.json holds the keys of all installs, each once, and may be kept for a while', async () => {
    const shared = { kty: 'EC', kid: 'taken over by both' }
    web.install.publicKeys = async () => [shared, { kty: 'EC', kid: 'own' }]
    web.parts.installs.push({ ...web.install, id: 'other-clinic', publicKeys: async () => [shared] })
    const response = await get('/.well-known/jwks.json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(await response.json()).toEqual({ keys: [shared, { kty: 'EC', kid: 'own' }] })
  })

  it('GET /.well-known/jwks/{install}.json holds those of one install', async () => {
    const own = { kty: 'RSA', kid: 'own' }
    web.parts.installs.push({ ...web.install, id: 'other-clinic', publicKeys: async () => [own] })
    expect(await (await get('/.well-known/jwks/other-clinic.json')).json()).toEqual({ keys: [own] })
    expect((await get('/.well-known/jwks/third-clinic.json')).status).toBe(404)
    expect((await get('/.well-known/jwks/other-clinic')).status).toBe(404)
  })
})

describe('the app', () => {
  it.each([
    ['/launch', 'launch of a test'],
    ['/app', 'app of a test'],
    ['/launch?iss=x&launch=y', 'launch of a test'],
  ])('%s is a page that is asked for afresh each time', async (path, title) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain(title)
  })

  it('its files may be kept for a while', async () => {
    const response = await get('/app-assets/app-abc.js')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text.javascript/)
    expect(response.headers.get('cache-control')).toMatch(/^public, max-age=[0-9]+/)
  })

  it.each([
    '/app-assets/../launch.html',
    '/app-assets/%2e%2e/launch.html',
    '/app-assets/..%2f..%2fstatus.test.ts',
  ])('%s leads nowhere', async (path) => {
    const response = await get(path)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })
})

describe('every answer', () => {
  const paths = ['/ready', '/launch', '/nowhere', '/app-assets/app-abc.js', '/live']

  const policyOf = async (path: string) => {
    const { headers } = await get(path)
    return Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split(';').map((rule) => {
        const [name = '', ...places] = rule.trim().split(' ')
        return [name, places]
      }),
    )
  }
  const host = new URL(iss).origin

  it.each([
    '/launch',
    '/launch?iss=x&launch=y',
    '/app',
  ])('%s may stand in the frames of the hosts', async (path) => {
    const policy = await policyOf(path)
    expect(policy['frame-ancestors']).toEqual(["'self'", host, 'https://portal.emr.example'])
  })

  it.each([
    ...['/ready', '/api/session', '/api/launch-check', '/live', '/nowhere', '/app-assets/app-abc.js'],
    ...['/.well-known/jwks.json', '/plugin.manifest.json', '/APP', '/launch/'],
  ])('%s may stand in no frame', async (path) => {
    expect((await policyOf(path))['frame-ancestors']).toEqual(["'none'"])
  })

  it.each(paths)('%s lets scripts and connections be only of ours and the hosts’', async (path) => {
    expect(await policyOf(path)).toMatchObject({
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'connect-src': ["'self'", host],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
    })
  })

  it('lets the app ask for tokens where the host keeps them, as soon as that is known', async () => {
    const connections = async () => {
      const { headers } = await get('/app')
      return /connect-src ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1]
    }
    expect(await connections()).toBe("'self' https://emr.example")
    web.install.origins = () => ['https://emr.example', 'https://login.example:8443']
    expect(await connections()).toBe("'self' https://emr.example https://login.example:8443")
  })

  it.each(paths)('%s tells neither what runs here nor where the reader came from', async (path) => {
    const { headers } = await get(path)
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    ['GET', '/nowhere'],
    ['GET', '/'],
    ['POST', '/launch'],
    ['DELETE', '/api/session'],
    ['GET', '/api/nudge'],
    ['GET', '/<script>alert(1)</script>'],
  ])('%s %s is 404, in one sentence that repeats nothing', async (method, path) => {
    const response = await get(path, { method })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual({ error: 'There is nothing at this address.' })
  })
})
