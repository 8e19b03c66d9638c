/** What is refused is refused before it is read: a stranger's bytes cost nothing. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiKey, notificationSecret, sign, startWeb, type Web } from './web-under-test.ts'

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

interface Sent {
  path: string
  headers?: Record<string, string>
  body?: string
}

/** Begins to send, and never ends: what answers has not waited for the rest. */
async function begin({ path, headers, body = '{' }: Sent): Promise<{ status?: number; said: string }> {
  const call = request(web.url, {
    method: 'POST',
    path,
    headers: { ...headers, 'transfer-encoding': 'chunked' },
  })
  call.on('error', () => {})
  call.write(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  const said = await text(response)
  call.destroy()
  return { status: response.statusCode, said }
}

describe('before any of its body is read', () => {
  it.each<[string, Sent, number, string]>([
    ['a webhook of no sender', { path: '/webhooks/sample-clinic/fax' }, 404, 'webhook-unknown'],
    ['a webhook without a signature', { path: '/webhooks/sample-clinic/sms' }, 401, 'webhook-unsigned'],
    [
      'a notification without its secret',
      { path: '/notify/sample-clinic/appointments' },
      401,
      'notification-unsigned',
    ],
    [
      'a notification of no Subscription',
      { path: '/notify/sample-clinic/none' },
      404,
      'notification-unknown',
    ],
    ['an order without a key', { path: '/api/messages' }, 401, 'api-key'],
    [
      'an order under a wrong key',
      { path: '/api/messages', headers: { authorization: 'Bearer guess' }, body: '{"to": broken' },
      401,
      'api-key',
    ],
    ['a retry without a key', { path: '/api/messages/r1/retry' }, 401, 'api-key'],
  ])('%s is refused, and counted once', async (_what, sent, status, counted) => {
    expect((await begin(sent)).status).toBe(status)
    expect(web.refused).toEqual([counted])
  })

  it('a nudge without a session is refused', async () => {
    expect((await begin({ path: '/api/nudge' })).status).toBe(401)
  })

  it('a webhook that is packed is refused: a bomb is not opened to check its signature', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const headers = { ...sign(bomb), 'content-encoding': 'gzip' }
    const before = process.memoryUsage().arrayBuffers
    const answer = await fetch(`${web.url}/webhooks/sample-clinic/sms`, {
      method: 'POST',
      headers,
      body: bomb,
    })
    expect([answer.status, await answer.json()]).toEqual([415, { error: expect.stringMatching(/packed/) }])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
  })
})

describe('the largest webhook', () => {
  const post = (body: string) =>
    fetch(`${web.url}/webhooks/sample-clinic/sms`, { method: 'POST', headers: sign(body), body })
  const message = (length: number) => JSON.stringify({ type: 'other', text: 'x'.repeat(length) })

  it('is one of a megabyte where the company says nothing', async () => {
    expect((await post(message(900_000))).status).toBe(200)
    expect((await post(message(1_100_000))).status).toBe(413)
    expect(web.refused).toEqual(['webhook-ignored', 'body-too-large'])
  })

  it('is what the company says', async () => {
    const [sender] = web.install.senders
    if (sender) sender.provider = { ...sender.provider, largestWebhook: 2_000_000 }
    expect((await post(message(1_900_000))).status).toBe(200)
    expect((await post(message(2_100_000))).status).toBe(413)
  })
})

describe('a request line', () => {
  const signed = { headers: sign('{'), body: '{' }
  it.each([
    ['of a proxy, with a host of its own', 'http://evil.example/webhooks/sample-clinic/sms', /names no path/],
    ['with letters that are none', '/webhooks/sample-clinic/%E0%A4%A', /address cannot be read/],
  ])('%s is the caller’s mistake', async (_what, path, says) => {
    const { status, said } = await begin({ path, ...signed })
    expect([status, JSON.parse(said).error]).toEqual([400, expect.stringMatching(says)])
    expect(web.errors).toEqual([])
  })
})

it('who proves himself is heard as before', async () => {
  const answers = await Promise.all([
    fetch(`${web.url}/api/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: '{',
    }),
    fetch(`${web.url}/notify/sample-clinic/appointments`, {
      method: 'POST',
      headers: { 'x-qasid-secret': notificationSecret, 'content-encoding': 'gzip' },
      body: gzipSync('{"resourceType":"Appointment","id":"v1"}'),
    }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([400, 200])
})
