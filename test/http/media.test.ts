import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileOffers, createOpenMedia, type FileOffers } from '../../src/compose/file-offers.ts'
import { minute } from '../../src/domain/time.ts'
import { toAttempt } from '../../src/fhir/attempt.ts'
import { toBinary } from '../../src/fhir/binary.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createMemoryEmr, type MemoryEmr } from '../fakes/emr.ts'
import { attempt, omar, sara } from '../people.ts'
import { baseUrl, startWeb, type Web } from './web-under-test.ts'

const key = new Uint8Array(32).fill(7)
const file = 'DocumentReference/letter'
const offer = { attemptId: 'r1_0', file }
const pdf = new TextEncoder().encode('%PDF-1.4 of a test')

let web: Web
let emr: MemoryEmr
let offers: FileOffers

beforeEach(async () => {
  web = await startWeb()
  emr = createMemoryEmr()
  emr.put({ ...toBinary('application/pdf', pdf, file), id: 'letter' })
  emr.put({
    ...{ resourceType: 'DocumentReference', id: 'letter', status: 'current', subject: { reference: sara } },
    content: [{ attachment: { contentType: 'application/pdf', title: 'نتيجة', url: 'Binary/letter' } }],
  })
  emr.put(toAttempt(attempt({ file: { reference: file } })))
  offers = createFileOffers({ key, baseUrl }, web.parts.now)
  const world = { install: web.install.id, host: emr, store: emr }
  web.parts.openMedia = createOpenMedia(offers, [world], web.parts.now)
})
afterEach(() => web.stop())

/** As a company that was given the link fetches it. */
function fetchIt(url: string, method = 'GET'): Promise<Response> {
  return fetch(url.replace(baseUrl, web.url), { method })
}

function link(differs: Partial<typeof offer> = {}, install = web.install.id): string {
  return offers.offerFor(install)({ ...offer, ...differs })
}

describe('a link to a file', () => {
  it('opens it, with its name, and asks nobody to keep it', async () => {
    const response = await fetchIt(link())
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'content-type': 'application/pdf', 'content-length': String(pdf.length) },
      ...{ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(response.headers.get('content-disposition')).toBe(
      `inline; filename="_____.pdf"; filename*=UTF-8''${encodeURIComponent('نتيجة.pdf')}`,
    )
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(pdf)
  })

  it('tells the same to who asks for its headers only', async () => {
    const response = await fetchIt(link(), 'HEAD')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(pdf.length)])
    expect(await response.text()).toBe('')
  })

  it('says nothing that can be read in its address, and is another each time', () => {
    const links = [link(), link()]
    expect(new Set(links).size).toBe(2)
    for (const one of links) {
      expect(one).toMatch(/^https:\/\/qasid\.example\/media\/[\w-]+$/)
      expect(Buffer.from(one.slice(one.lastIndexOf('/') + 1), 'base64url').toString()).not.toMatch(
        /letter|r1_0/,
      )
    }
  })

  it('holds for ten minutes', async () => {
    const early = link()
    web.passTime(10 * minute - 1)
    expect((await fetchIt(early)).status).toBe(200)
    web.passTime(1)
    expect((await fetchIt(early)).status).toBe(404)
  })
})

describe('a link that is not, or no longer, right', () => {
  const altered = (url: string) => url.slice(0, -6) + (url.at(-6) === 'A' ? 'B' : 'A') + url.slice(-5)
  const ofAnotherKey = () => createFileOffers({ key: new Uint8Array(32), baseUrl }, web.parts.now)

  it.each<[string, () => string, number, string]>([
    ['made up', () => `${baseUrl}/media/guess`, 401, 'media-foreign'],
    ['altered', () => altered(link()), 401, 'media-foreign'],
    ['cut short', () => link().slice(0, -9), 401, 'media-foreign'],
    ['of another deployment', () => ofAnotherKey().offerFor('sample-clinic')(offer), 401, 'media-foreign'],
    ['of an install that is no longer ours', () => link({}, 'other-clinic'), 404, 'media-gone'],
    [
      'to a file that the attempt did not send',
      () => link({ file: 'DocumentReference/x' }),
      404,
      'media-gone',
    ],
    ['of an attempt that never was', () => link({ attemptId: 'r2_0' }), 404, 'media-gone'],
  ])('%s opens nothing, in one sentence', async (_what, url, status, counted) => {
    const response = await fetchIt(url())
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(web.refused).toEqual([counted])
    expect(web.errors).toEqual([])
  })

  it.each<[string, () => void]>([
    ['is another patient’s by now', () => void emr.put({ ...letter(), subject: { reference: omar } })],
    ['was superseded meanwhile', () => void emr.put({ ...letter(), status: 'superseded' })],
    ['is gone from the EMR', () => emr.remove('Binary/letter')],
  ])('to a file that %s opens nothing', async (_what, change) => {
    const url = link()
    change()
    expect((await fetchIt(url)).status).toBe(404)
  })

  function letter() {
    const [held] = emr.all('DocumentReference')
    if (!held) throw new Error('The letter is missing')
    return held
  }
})

it('a file whose EMR is away is promised for later, and the log knows no token', async () => {
  const url = link()
  emr.failNext(new EmrError('Reading DocumentReference/letter: 500', { status: 500 }), { call: 'read' })
  const response = await fetchIt(url)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(JSON.stringify(web.errors)).not.toContain(url.slice(-40))
})

describe('a large file', () => {
  const piece = new Uint8Array(64 * 1024)

  /** Endless, and counts what was drawn of it. */
  function endless() {
    const seen = { pieces: 0, ended: false }
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          seen.pieces += 1
          controller.enqueue(piece)
        },
        cancel() {
          seen.ended = true
        },
      },
      { highWaterMark: 0 },
    )
    return { seen, stream }
  }

  it('comes as fast as it is taken, and ends with who took it', async () => {
    const { seen, stream } = endless()
    const chart = { contentType: 'video/mp4', name: 'film.mp4' }
    web.parts.openMedia = async () => ({
      kind: 'file',
      file: { ...chart, stream: async () => ({ contentType: 'video/mp4', stream }) },
    })
    const leaving = new AbortController()
    const response = await fetch(`${web.url}/media/token`, { signal: leaving.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    // What fits into the sockets on the way, and no more of it.
    expect(seen.pieces).toBeLessThan(400)
    leaving.abort()
    await expect.poll(() => seen.ended).toBe(true)
  })

  it('that breaks off is no whole answer', async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(piece)
      },
      pull(controller) {
        controller.error(new EmrError('Opening Binary/1: the answer broke off'))
      },
    })
    const chart = { contentType: 'video/mp4', name: 'film.mp4' }
    web.parts.openMedia = async () => ({
      kind: 'file',
      file: { ...chart, stream: async () => ({ contentType: 'video/mp4', stream }) },
    })
    const body = fetch(`${web.url}/media/token`).then((response) => response.arrayBuffer())
    await expect(body).rejects.toThrow()
  })
})
