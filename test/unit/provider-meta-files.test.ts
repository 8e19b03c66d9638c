/** Files of the Cloud API in both directions, against a company that answers what it is told. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { InboundFile, Outcome } from '../../src/domain/outcome.ts'
import type { FileKind } from '../../src/domain/outgoing.ts'
import { mayHaveToken, toUploaded } from '../../src/providers/meta/files.ts'
import { meta } from '../../src/providers/meta/meta.ts'
import { type Misbehaviour, nobodysUrl, startMisbehaving } from '../contract/misbehaving-company.ts'
import { credentials, messageOf, report } from './provider-meta-sample.ts'

type Answers = (request: IncomingMessage, base: string) => { status?: number; body: string | Buffer | object }

const running: (() => void)[] = []
afterEach(() => {
  for (const stop of running.splice(0)) stop()
})

async function companyThat(answers: Answers) {
  const asked: IncomingMessage[] = []
  let baseUrl = ''
  const server = createServer(async (request, response) => {
    asked.push(request)
    request.resume()
    await once(request, 'end')
    const { status = 200, body } = answers(request, baseUrl)
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    response.writeHead(status).end(raw)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  running.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, baseUrl, account: { ...credentials, baseUrl } }
}

const error = (code: number, more = {}) => ({ error: { message: 'x', code, ...more } })

describe('an upload', () => {
  const sent = { messages: [{ id: 'wamid.A=' }] }

  it('comes first, then the message with its id', async () => {
    const { asked, account } = await companyThat(({ url }) => ({
      body: url?.endsWith('/media') ? { id: 'F1' } : sent,
    }))
    expect(await meta.send(messageOf({ kind: 'file', file: report }), account)).toMatchObject({
      kind: 'accepted',
    })
    expect(asked.map(({ url }) => url)).toEqual([
      ...['/v26.0/200000000000001/media', '/v26.0/200000000000001/messages'],
    ])
    expect(asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  })

  it.each<[number, unknown, Outcome]>([
    [500, '<html>', { kind: 'unreachable', code: 'http-500' }],
    [200, '<html>', { kind: 'unreachable', code: 'no-file-id' }],
    [400, error(1), { kind: 'unreachable', code: '1' }],
    [400, error(100), { kind: 'rejected', reason: 'file-refused', code: '100' }],
    [400, error(100, { error_subcode: 33 }), { kind: 'misconfigured', code: '100' }],
    [400, error(131053), { kind: 'rejected', reason: 'file-refused', code: '131053' }],
    [401, error(190), { kind: 'misconfigured', code: '190' }],
    [429, error(130429), { kind: 'throttled', waitFor: 1_000 }],
    [400, '<html>', { kind: 'rejected', reason: 'file-refused', code: 'http-400' }],
  ])('answered %i %j has surely sent nothing', (status, body, outcome) => {
    expect(toUploaded({ status, headers: {}, body })).toEqual({ kind: 'failed', outcome })
  })

  it('that is cut, or finds nobody, has sent nothing either', async () => {
    const content = { kind: 'file', file: report } as const
    const { asked, account } = await companyThat((request) => {
      request.socket.destroy()
      return { body: '' }
    })
    expect(await meta.send(messageOf(content), account)).toMatchObject({ kind: 'unreachable' })
    expect(asked).toHaveLength(1)
    const nobody = { ...credentials, baseUrl: await nobodysUrl() }
    expect(await meta.send(messageOf(content), nobody)).toMatchObject({ kind: 'unreachable' })
  })

  it.each<[FileKind, number]>([
    ['document', 100],
    ['image', 5],
    ['voice', 16],
    ['video', 16],
  ])('of a %s beyond %i MB is not begun', async (kind, most) => {
    const size = most * 1024 * 1024 + 1
    const read = async (): Promise<Uint8Array> => {
      throw new Error('It is not even read')
    }
    const content = { kind: 'file', file: { ...report, kind, size, read } } as const
    expect(await meta.send(messageOf(content), credentials)).toEqual({
      ...{ kind: 'rejected', reason: 'file-refused', code: 'too-large' },
    })
  })

  it('asks the EMR for no more than the company takes', async () => {
    const { account } = await companyThat(({ url }) => ({
      body: url?.endsWith('/media') ? { id: 'F1' } : sent,
    }))
    const asked: (number | undefined)[] = []
    const read = async (most?: number) => {
      asked.push(most)
      return Buffer.from('%PDF-1.4')
    }
    await meta.send(messageOf({ kind: 'file', file: { ...report, size: undefined, read } }), account)
    expect(asked).toEqual([100 * 1024 * 1024])
  })

  it.each<[string, Misbehaviour, Outcome]>([
    ['of the upload', { name: 'silent', answer: () => {} }, { kind: 'unreachable', code: 'upload-too-slow' }],
    [
      'of the message after it',
      {
        name: 'silent later',
        answer: ({ url }, response) => void (url?.endsWith('/media') && response.end('{"id":"F1"}')),
      },
      { kind: 'unknown', because: 'ERR_CANCELED' },
    ],
  ])('ends within 25 seconds whatever becomes %s', async (_what, misbehaviour, wanted) => {
    const company = await startMisbehaving(misbehaviour)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const sent = meta.send(messageOf({ kind: 'file', file: report }), {
        ...credentials,
        baseUrl: company.url,
      })
      await company.asked
      await vi.advanceTimersByTimeAsync(15_000)
      const isOver = await Promise.race([sent.then(() => true), setImmediate(false)])
      expect(isOver).toBe(wanted.kind === 'unknown')
      await vi.advanceTimersByTimeAsync(9_000)
      expect(await sent).toEqual(wanted)
    } finally {
      vi.useRealTimers()
      await company.stop()
    }
  })

  it('is not begun while the EMR hands the file over too slowly', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const read = () => new Promise<Uint8Array>(() => {})
      const sent = meta.send(messageOf({ kind: 'file', file: { ...report, read } }), credentials)
      await vi.advanceTimersByTimeAsync(16_000)
      expect(await sent).toEqual({ kind: 'unreachable', code: 'file-unread' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('of a file larger than the EMR said is not begun, and one that cannot be read may be later', async () => {
    const large = { ...report, kind: 'image', read: async () => Buffer.alloc(5 * 1024 * 1024 + 1) } as const
    expect(await meta.send(messageOf({ kind: 'file', file: large }), credentials)).toMatchObject({
      code: 'too-large',
    })
    const away = { ...report, read: () => Promise.reject(new Error('The EMR is away')) }
    expect(await meta.send(messageOf({ kind: 'file', file: away }), credentials)).toEqual({
      ...{ kind: 'unreachable', code: 'file-unread' },
    })
  })
})

describe('a file that a patient sent', () => {
  const bytes = Buffer.from('%PDF-1.4')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file: InboundFile = { kind: 'document', location: '10001', contentType: 'application/pdf', sha256 }
  const place = { mime_type: 'application/pdf; charset=binary', file_size: bytes.length, id: '10001' }
  const shelf =
    (more: object, download: { status?: number; body: Buffer | string } = { body: bytes }): Answers =>
    ({ url }, base) =>
      url === '/download' ? download : { body: { ...place, url: `${base}/download`, ...more } }
  const fetched = async (answers: Answers, wanted = file, most = 100) => {
    const { asked, account } = await companyThat(answers)
    return { asked, got: await meta.fetchFile?.(wanted, account, most) }
  }

  it('is found by its id and downloaded with the token', async () => {
    const { asked, got } = await fetched(shelf({}))
    expect(got).toEqual({ kind: 'file', contentType: 'application/pdf', bytes })
    expect(asked.map(({ url }) => url)).toEqual(['/v26.0/10001?phone_number_id=200000000000001', '/download'])
    for (const { headers } of asked) expect(headers.authorization).toBe('Bearer access-token')
  })

  it('is taken without a hash, and by the hash of its place', async () => {
    const { sha256: _, ...unhashed } = file
    expect((await fetched(shelf({}), unhashed)).got).toMatchObject({ kind: 'file' })
    expect((await fetched(shelf({ sha256 }), unhashed)).got).toMatchObject({ kind: 'file' })
    const other = 'a'.repeat(64)
    expect((await fetched(shelf({ sha256: other }), unhashed)).got).toMatchObject({ because: 'altered' })
  })

  it.each<[string, Answers, object]>([
    ['too large, as it is said', shelf({ file_size: 101 }), { kind: 'refused', because: 'too-large' }],
    ['altered', shelf({}, { body: 'another' }), { kind: 'refused', because: 'altered' }],
    ['of no id', () => ({ status: 400, body: error(100, { error_subcode: 33 }) }), { because: 'gone' }],
    ['not found', () => ({ status: 404, body: '' }), { kind: 'refused', because: 'gone' }],
    ['gone meanwhile', shelf({}, { status: 404, body: '' }), { kind: 'refused', because: 'gone' }],
    ['forbidden', () => ({ status: 401, body: error(190) }), { kind: 'unreachable', code: '190' }],
    ['answered by a page', () => ({ body: '<html>' }), { kind: 'unreachable', code: 'no-file-url' }],
    ['too fast', () => ({ status: 429, body: error(4) }), { kind: 'unreachable', code: '4' }],
    ['not there now', shelf({}, { status: 503, body: '' }), { kind: 'unreachable', code: 'http-503' }],
    ['larger than it was said', shelf({}, { body: Buffer.alloc(101) }), { kind: 'unreachable' }],
  ])('%s', async (_what, answers, wanted) => {
    expect((await fetched(answers)).got).toMatchObject(wanted)
  })

  it('whose place is no secure one is left where it is: the token goes nowhere unproven', async () => {
    const { got } = await fetched(shelf({ url: 'http://elsewhere.example/1' }))
    expect(got).toEqual({ kind: 'unreachable', code: 'insecure-file-url' })
  })

  it.each([
    ['https://lookaside.example/1', true],
    ['https://graph.example/1', true],
    ['http://graph.example/1', false],
    ['file:///etc/passwd', false],
  ])('the token may go to %s: %s', (url, may) => {
    expect(mayHaveToken(url, credentials)).toBe(may)
  })
})
