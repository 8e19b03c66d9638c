/** The session beside a host: our server asks for the clinician's token, and gets it then and not before. */
import { describe, expect, it } from 'vitest'
import { createBackend } from '../../smart-app/src/launch/backend.ts'
import type { SessionRequest } from '../../src/contract/api.ts'

const clinic = {
  ...{ name: 'Sample', country: 'AE', zone: 'Asia/Dubai', zones: {}, noConsent: 'block', senders: [] },
}
const proof = { iss: 'https://emr.example/fhir', idToken: 'proof', patient: 'Patient/1' }

function backend(chart: 'host' | 'gateway', isOver: (bearer: string) => boolean = () => false) {
  const sessions: SessionRequest[] = []
  let tokens = 0
  const fetch = async (path: string | URL | Request, init: RequestInit = {}) => {
    if (path !== '/api/session') {
      const bearer = new Headers(init.headers).get('Authorization') ?? ''
      return new Response(null, { status: isOver(bearer) ? 401 : 200 })
    }
    const asked = JSON.parse(String(init.body)) as SessionRequest
    sessions.push(asked)
    if (chart === 'gateway' && !asked.accessToken) return new Response(null, { status: 428 })
    const token = `t${sessions.length}`
    return Response.json({ token, expiresAt: '2026-11-20T12:00:00Z', install: 'sample', clinic, chart })
  }
  const accessToken = async () => {
    tokens += 1
    return `access-${tokens}`
  }
  return { sessions, backend: createBackend(fetch, () => ({ ...proof, accessToken })) }
}

describe('the clinician’s own token', () => {
  it('stays here where the host keeps the records', async () => {
    const { sessions, backend: qasid } = backend('host', (bearer) => bearer.endsWith('t1'))
    expect(await qasid.chart()).toBe('host')
    await qasid.fetch('/api/chart/Communication', {})
    expect(sessions).toEqual([proof, proof])
  })

  it('is given when it is asked for, fresh each time, with the session before', async () => {
    const { sessions, backend: qasid } = backend('gateway', (bearer) => bearer.endsWith('t2'))
    expect(await qasid.chart()).toBe('gateway')
    expect((await qasid.fetch('/api/chart/Communication', {})).status).toBe(200)
    expect(sessions).toEqual([
      proof,
      { ...proof, accessToken: 'access-1' },
      { ...proof, accessToken: 'access-2', renews: 't2' },
    ])
  })

  it('that is not there opens nothing', async () => {
    const fetch = async () => new Response(null, { status: 428 })
    const qasid = createBackend(fetch, () => ({ ...proof, accessToken: async () => undefined }))
    expect(await qasid.chart()).toBeUndefined()
    expect((await qasid.fetch('/api/chart/Communication', {})).status).toBe(403)
  })
})
