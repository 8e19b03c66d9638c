import { describe, expect, it } from 'vitest'
import { createBackend } from '../../smart-app/src/launch/backend.ts'

const clinic = {
  name: 'Sample',
  country: 'AE',
  zone: 'Asia/Dubai',
  zones: {},
  noConsent: 'block',
  senders: [],
}

const proof = { iss: 'https://emr.example/fhir', idToken: 'proof', patient: 'Patient/1' }

/** Each session is a new token; the calls as `path bearer`. */
function backend(answer: (call: string) => Response) {
  const calls: string[] = []
  let sessions = 0
  const fetch = async (path: string | URL | Request, init: RequestInit = {}) => {
    const bearer = new Headers(init.headers).get('Authorization') ?? ''
    const call = `${path} ${bearer}`.trim()
    calls.push(call)
    const given = answer(call)
    if (path !== '/api/session' || !given.ok) return given
    sessions += 1
    return Response.json({
      token: `t${sessions}`,
      expiresAt: '2026-11-20T12:00:00Z',
      install: 'sample',
      clinic,
    })
  }
  return { calls, backend: createBackend(fetch, () => proof) }
}

describe('the backend’s session', () => {
  it('is made once for all calls', async () => {
    const { backend: qasid, calls } = backend(() => new Response(null, { status: 202 }))
    await Promise.all([qasid.nudge('CommunicationRequest/1'), qasid.nudge('CommunicationRequest/2')])
    expect(calls.filter((call) => call === '/api/session')).toHaveLength(1)
  })

  it('tells what the clinic decided', async () => {
    const { backend: qasid } = backend(() => new Response(null, { status: 202 }))
    expect(await qasid.clinic()).toEqual(clinic)
  })

  it('is made again when it has ended', async () => {
    const { backend: qasid, calls } = backend(
      (call) => new Response(null, { status: call.endsWith('t1') ? 401 : 202 }),
    )
    expect(await qasid.nudge('CommunicationRequest/1')).toBe(true)
    expect(calls.at(-1)).toBe('/api/nudge Bearer t2')
  })

  it('is not asked for without end', async () => {
    const { backend: qasid, calls } = backend(
      (call) => new Response(null, { status: call === '/api/session' ? 200 : 401 }),
    )
    expect(await qasid.nudge('CommunicationRequest/1')).toBe(false)
    expect(calls).toHaveLength(4)
  })

  it('that is refused refuses the live feed', async () => {
    const { backend: qasid } = backend(() => new Response(null, { status: 401 }))
    expect(await qasid.openLive(new AbortController().signal)).toEqual({ kind: 'refused' })
  })

  it('may be had later when the backend is down now', async () => {
    let down = true
    const { backend: qasid } = backend(() => new Response(null, { status: down ? 503 : 202 }))
    expect(await qasid.nudge('CommunicationRequest/1')).toBe(false)
    down = false
    expect(await qasid.nudge('CommunicationRequest/1')).toBe(true)
  })
})
