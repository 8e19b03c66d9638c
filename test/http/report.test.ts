/** `/api/report`: what the installer found, beside how the install is now. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readInstallReport } from '../../src/compose/read-install-report.ts'
import { visitFeed } from '../../src/domain/change-feed.ts'
import { pause } from '../../src/domain/sender-health.ts'
import { writeReport } from '../../src/install-shelf.ts'
import { createFakeBoard } from '../fakes/sender-board.ts'
import { sampleReport } from '../report-sample.ts'
import { expectDocumented } from './documented.ts'
import { startedAt, startWeb, type Web } from './web-under-test.ts'

const install = 'sample-clinic'
let web: Web
let dataDir: string
let checks: { name: string; ok: boolean }[]
const board = createFakeBoard()

beforeEach(async () => {
  web = await startWeb()
  dataDir = await mkdtemp(join(tmpdir(), 'qasid-report-'))
  checks = ['redis', ...['store', 'worker', 'subscription'].map((part) => `${part} ${install}`)].map(
    (name) => ({ name, ok: true }),
  )
  const world = {
    ...{ install, board, now: () => startedAt },
    feed: { memory: web.memory },
    senders: [
      { id: 'whatsapp', channel: 'whatsapp' as const },
      { id: 'sms', channel: 'sms' as const },
    ],
  }
  web.install.report = () => readInstallReport({ dataDir }, world, async () => checks)
})
afterEach(async () => {
  await web.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function ask(authorization?: string) {
  const response = await fetch(`${web.url}/api/report`, {
    headers: { authorization: authorization ?? (await web.bearer()) },
  })
  const text = await response.text()
  expectDocumented('GET', '/api/report', response.status, text)
  return { status: response.status, answer: JSON.parse(text), cached: response.headers.get('cache-control') }
}

describe('the report', () => {
  it('is as it was last written, with what is true now', async () => {
    await writeReport({ dataDir }, sampleReport)
    await web.memory.write(visitFeed, { inForce: { rung: 'poll', because: ['no-subscriptions'] } })
    await board.change('sms', (record) => pause(record, 'unauthorized', startedAt))
    checks = checks.map((check) => ({ ...check, ok: !check.name.startsWith('worker') }))
    const { status, answer, cached } = await ask()
    expect([status, cached]).toEqual([200, 'no-store'])
    expect(answer.report).toEqual(sampleReport)
    expect(answer.now).toEqual({
      changes: { rung: 'poll', because: ['no-subscriptions'] },
      parts: [
        { part: 'store', ok: true },
        { part: 'worker', ok: false },
        { part: 'subscription', ok: true },
        { part: 'redis', ok: true },
      ],
      senders: [
        { id: 'whatsapp', channel: 'whatsapp', health: 1 },
        { id: 'sms', channel: 'sms', health: 1, paused: 'unauthorized' },
      ],
    })
  })

  it('leaves out what nobody can tell while Redis is away', async () => {
    await writeReport({ dataDir }, sampleReport)
    web.memory.read = async () => {
      throw new Error('away')
    }
    const { status, answer } = await ask()
    expect([status, 'changes' in answer.now]).toEqual([200, false])
  })

  it('does not take another install’s readiness for its own', async () => {
    await writeReport({ dataDir }, sampleReport)
    checks = [{ name: 'worker elsewhere', ok: true }]
    const { answer } = await ask()
    expect(answer.now.parts.map(({ ok }: { ok: boolean }) => ok)).toEqual([false, false, false, false])
  })

  it.each([
    ['was never examined', undefined],
    ['was examined by a release that wrote another report', { install, rows: 'many' }],
  ])('of an install that %s is not there, and says what to do', async (_what, written) => {
    if (written) await writeReport({ dataDir }, written)
    const { status, answer } = await ask()
    expect([status, answer]).toEqual([404, { error: expect.stringContaining('run qasid doctor') }])
  })

  it('is closed without a session, and to that of an install that is not served', async () => {
    await writeReport({ dataDir }, sampleReport)
    const facts = { install: 'elsewhere', user: 'mona', patient: 'Patient/ada' }
    const { token } = await web.parts.sessions.open(facts)
    for (const bearer of ['', `Bearer ${token}`]) expect((await ask(bearer)).status).toBe(401)
  })

  it('is that of the session’s install and of no other', async () => {
    await writeReport({ dataDir }, sampleReport)
    const other = { ...web.install, id: 'other-clinic', report: async () => undefined }
    web.parts.installs.push(other)
    const facts = { install: other.id, user: 'mona', patient: 'Patient/ada' }
    const { token } = await web.parts.sessions.open(facts)
    expect((await ask(`Bearer ${token}`)).status).toBe(404)
    expect((await ask()).answer.report.install).toBe(install)
  })
})
