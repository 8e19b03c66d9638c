import { describe, expect, it } from 'vitest'
import { createFhirHost } from '../../smart-app/src/chart/fhir-host.ts'
import { type AccessState, createAccess } from '../../smart-app/src/launch/access.ts'
import { hour, type Instant, instant, minute, second } from '../../src/domain/time.ts'
import { now as start } from './chart-sample.ts'

const tokenUri = 'https://emr.example/token'
const base = 'https://emr.example/fhir'

/** A clinician's access, an hour long, at a clock that the case moves. */
function access(answer: () => Response | undefined, tokens: AccessState['tokenResponse'] = {}) {
  let now: Instant = start
  const asked: { url: string; init: RequestInit }[] = []
  const kept: AccessState[] = []
  const state: AccessState = {
    ...{ clientId: 'qasid-app', tokenUri, expiresAt: (start + hour) / second },
    tokenResponse: { access_token: 't0', refresh_token: 'r0', id_token: 'i0', scope: 'openid', ...tokens },
  }
  const held = createAccess({
    state,
    keep: (one) => void kept.push(structuredClone(one)),
    now: () => now,
    async fetch(url, init = {}) {
      asked.push({ url: String(url), init })
      const given = answer()
      if (!given) throw new TypeError('Nobody answers')
      return given
    },
  })
  const pass = (wait: number) => {
    now = instant(now + wait)
  }
  return { held, asked, kept, pass }
}

const given = (tokens: object = {}) => Response.json({ access_token: 't1', expires_in: 3600, ...tokens })
const refused = () => Response.json({ error: 'invalid_grant' }, { status: 400 })
const without = { refresh_token: undefined }

describe('the clinician’s access', () => {
  it('is renewed shortly before it ends, once for all who wait, as a public client', async () => {
    const { held, asked, kept, pass } = access(() => given({ refresh_token: 'r1', id_token: 'i1' }))
    pass(hour - 31 * second)
    expect(await held.authorization()).toBe('Bearer t0')
    pass(2 * second)
    expect(await Promise.all([held.authorization(), held.authorization()])).toEqual([
      'Bearer t1',
      'Bearer t1',
    ])
    expect(asked.map(({ url }) => url)).toEqual([tokenUri])
    expect(String(asked[0]?.init.body)).toBe('grant_type=refresh_token&refresh_token=r0&client_id=qasid-app')
    expect(asked[0]?.init.credentials).toBe('omit')
    expect(held.idToken()).toBe('i1')
    expect(kept.at(-1)?.tokenResponse).toMatchObject({
      access_token: 't1',
      refresh_token: 'r1',
      scope: 'openid',
    })
  })

  it('keeps what the host does not give anew', async () => {
    const { held, pass } = access(() => given())
    pass(hour)
    await held.authorization()
    expect(held.idToken()).toBe('i0')
    pass(hour)
    expect(await held.authorization()).toBe('Bearer t1')
  })

  it('is renewed after a refusal too, and another request’s renewal is enough', async () => {
    const { held, asked } = access(() => given())
    expect(await held.renew('Bearer t0')).toBe(true)
    expect(await held.renew('Bearer t0')).toBe(true)
    expect(await held.authorization()).toBe('Bearer t1')
    expect(asked).toHaveLength(1)
  })

  it('ends when the host refuses and there is nothing to renew it with, and then asks nobody', async () => {
    const { held, asked } = access(() => given(), without)
    expect(await held.authorization()).toBe('Bearer t0')
    expect(await held.renew('Bearer t0')).toBe(false)
    await expect(held.authorization()).rejects.toMatchObject({ name: 'HostError', status: 401 })
    expect(await held.renew('Bearer t0')).toBe(false)
    expect(asked).toEqual([])
  })

  it('is not given up for a clock: a host that gives no renewal says itself when it is over', async () => {
    const { held, pass } = access(() => given(), without)
    pass(2 * hour)
    expect(await held.authorization()).toBe('Bearer t0')
  })

  it('ends when the renewal is refused, which is asked for once', async () => {
    const { held, asked, kept, pass } = access(refused)
    pass(hour)
    expect(await held.authorization()).toBe('Bearer t0')
    expect(await held.renew('Bearer t0')).toBe(false)
    await expect(held.authorization()).rejects.toMatchObject({ status: 401 })
    expect(asked).toHaveLength(1)
    expect(kept.at(-1)?.tokenResponse).not.toHaveProperty('refresh_token')
  })

  it.each([
    ['is away', () => undefined],
    ['is in trouble', () => new Response('', { status: 503 })],
    ['is asked too often', () => new Response('', { status: 429 })],
  ])('does not end because the host %s', async (_what, answer) => {
    let now = answer as () => Response | undefined
    const { held } = access(() => now())
    expect(await held.renew('Bearer t0')).toBe(false)
    now = () => given()
    expect(await held.renew('Bearer t0')).toBe(true)
  })

  it('ends when the new token is refused at once: the next would be too', async () => {
    const { held, asked, pass } = access(() => given({ refresh_token: 'r1' }))
    await held.renew('Bearer t0')
    pass(minute - second)
    expect(await held.renew('Bearer t1')).toBe(false)
    await expect(held.authorization()).rejects.toMatchObject({ status: 401 })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['no token', Response.json({})],
    ['a page', new Response('<html>')],
  ])('ends when the host renews with %s', async (_what, answer) => {
    const { held } = access(() => answer)
    expect(await held.renew('Bearer t0')).toBe(false)
    await expect(held.authorization()).rejects.toMatchObject({ status: 401 })
  })
})

describe('a request to the host', () => {
  /** The host takes only this bearer. */
  function host(taken: string, answer: () => Response | undefined, tokens?: AccessState['tokenResponse']) {
    const { held, asked } = access(answer, tokens)
    const calls: string[] = []
    const emr = createFhirHost({
      ...{ base, ...held },
      async fetch(_url, init = {}) {
        const bearer = new Headers(init.headers).get('Authorization') ?? ''
        calls.push(bearer)
        const patient = { resourceType: 'Patient', id: '1' }
        return bearer === taken ? Response.json(patient) : new Response('', { status: 401 })
      },
    })
    return { emr, calls, asked }
  }

  it('is made again with the new token', async () => {
    const { emr, calls } = host('Bearer t1', () => given())
    expect((await emr.read('Patient/1'))?.id).toBe('1')
    expect(calls).toEqual(['Bearer t0', 'Bearer t1'])
  })

  it('is refused for good where no token helps, and no further one goes out', async () => {
    const { emr, calls, asked } = host('Bearer t9', () => given())
    for (let turn = 0; turn < 5; turn += 1)
      await expect(emr.read('Patient/1')).rejects.toMatchObject({ status: 401 })
    expect(calls).toEqual(['Bearer t0', 'Bearer t1', 'Bearer t1'])
    expect(asked).toHaveLength(1)
  })
})
