import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { startWeb, type Web } from './web-under-test.ts'

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

async function open(authorization?: string) {
  const leaving = new AbortController()
  const headers: Record<string, string> = authorization ? { authorization } : {}
  const response = await fetch(`${web.url}/live`, { headers, signal: leaving.signal })
  return { response, leave: () => leaving.abort() }
}

/** Reads until `wanted` events came. */
async function readEvents(response: Response, wanted: number): Promise<unknown[]> {
  let text = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const events = () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data))
  while (reader && events().length < wanted) text += (await reader.read()).value ?? ''
  return events()
}

describe('GET /live', () => {
  it('tells what changed for the session’s patient, as a reference, and nothing of others', async () => {
    const { response, leave } = await open(await web.bearer('Patient/ada'))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    await web.live.publish({ patient: 'Patient/bob', reference: 'Communication/1' })
    await web.live.publish({ patient: 'Patient/ada', reference: 'Communication/2' })
    await web.live.publish({ patient: 'Patient/ada', reference: 'Communication/3' })
    expect(await readEvents(response, 2)).toEqual([
      { reference: 'Communication/2' },
      { reference: 'Communication/3' },
    ])
    leave()
  })

  it('stops listening when the screen is closed', async () => {
    const { leave } = await open(await web.bearer())
    expect(web.listening()).toBe(1)
    leave()
    await vi.waitFor(() => expect(web.listening()).toBe(0))
  })

  it('stops listening too when the screen is closed before it began', async () => {
    const gate = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const { subscribe } = web.install
    web.install.subscribe = async (...given) => {
      asked.resolve()
      await gate.promise
      return subscribe(...given)
    }
    const leaving = new AbortController()
    const headers = { authorization: await web.bearer() }
    const opening = fetch(`${web.url}/live`, { headers, signal: leaving.signal }).catch(() => 'left')
    await asked.promise
    leaving.abort()
    expect(await opening).toBe('left')
    await vi.waitFor(() => expect(web.openConnections()).toBe(0))
    gate.resolve()
    await vi.waitFor(() => expect(web.everListened()).toBe(1))
    await vi.waitFor(() => expect(web.listening()).toBe(0))
  })

  it.each([undefined, 'Bearer forged'])('is refused to %s', async (authorization) => {
    const { response } = await open(authorization)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: expect.any(String) })
    expect(web.listening()).toBe(0)
  })

  it('is put off while the feed is away', async () => {
    web.install.subscribe = async () => {
      throw new QueueUnavailable('Redis did not answer')
    }
    const { response } = await open(await web.bearer())
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
  })
})
