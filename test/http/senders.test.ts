import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMessageDesk } from '../../src/compose/message-desk.ts'
import { senderStates, senderTest, templateStates } from '../../src/contract/messages.ts'
import type { TemplateApproval } from '../../src/domain/approval.ts'
import type { Health } from '../../src/domain/question.ts'
import { pause } from '../../src/domain/sender-health.ts'
import { withApprovals } from '../../src/fhir/template.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, permit } from '../flows/chart.ts'
import { expectDocumented } from './documented.ts'
import { apiKey, startWeb, type Web } from './web-under-test.ts'

let web: Web
let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  web = await startWeb()
  web.install.desk = createMessageDesk(world.world)
})
afterEach(() => web.stop())

async function call(method: 'GET' | 'POST', path: string): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${apiKey}` }
  const response = await fetch(`${web.url}${path}`, { method, headers })
  const text = await response.text()
  expectDocumented(method, path, response.status, text)
  return { status: response.status, text }
}

async function test(sender: string, health?: Health) {
  const tested = world.world.senders.find(({ id }) => id === sender)
  if (tested && health) tested.checkHealth = async () => health
  const { status, text } = await call('POST', `/api/senders/${encodeURIComponent(sender)}/test`)
  return { status, answer: JSON.parse(text) as unknown }
}

const smsNow = async () => {
  const all = senderStates.parse(JSON.parse((await call('GET', '/api/senders')).text))
  return all.find(({ id }) => id === 'sms')
}

describe('GET /api/senders', () => {
  it('tells each sender, what it carries and how it is', async () => {
    expect(await smsNow()).toMatchObject({
      ...{ id: 'sms', channel: 'sms', provider: 'sandbox', address: '+15550100002', health: 1, weight: 1 },
      carries: { reactions: true, templates: 'none' },
    })
    expect(await smsNow()).not.toHaveProperty('paused')
  })

  it('says since when and why one is paused', async () => {
    await world.world.board.change('sms', (record) => pause(record, '20003', world.now()))
    expect(await smsNow()).toMatchObject({ paused: { code: '20003', at: '2026-11-20T05:30:00.000Z' } })
  })
})

describe('GET /api/templates', () => {
  it('tells what may be sent, and why a company refused a wording', async () => {
    const [resource] = world.emr.all('ActivityDefinition').filter(({ name }) => name === 'visit-reminder')
    if (!resource) throw new Error('there is no such template')
    const rejected: TemplateApproval = {
      ...{ sender: 'whatsapp', name: 'visit_reminder_1_full', language: 'ar', status: 'rejected' },
      ...{ because: 'INVALID_FORMAT', at: world.now() },
    }
    world.emr.put(withApprovals(resource, [rejected]))
    const all = templateStates.parse(JSON.parse((await call('GET', '/api/templates')).text))
    // Our fixed answers are no templates for sending.
    expect(all.filter(({ name }) => name.startsWith('reply-'))).toEqual([])
    expect(all.find(({ name }) => name === 'visit-reminder')).toMatchObject({
      ...{ version: '1', channels: ['sms', 'whatsapp', 'email'], languages: ['en', 'ar', 'hi'] },
      ...{ values: { required: ['start'] }, asksForVisit: true },
      approvals: [
        {
          ...{ status: 'rejected', because: 'INVALID_FORMAT', at: '2026-11-20T05:30:00.000Z' },
          body: expect.stringContaining('{{1}}'),
        },
      ],
    })
  })
})

describe('POST /api/senders/{id}/test', () => {
  it.each<[string, Health, { ok: boolean; code?: string }, RegExp]>([
    ['works', { kind: 'healthy' }, { ok: true }, /ready to send/],
    [
      'works, with a warning',
      { kind: 'limited', code: 'YELLOW' },
      { ok: true, code: 'YELLOW' },
      /\(YELLOW\)/,
    ],
    [
      'has a wrong token',
      { kind: 'misconfigured', code: 'unauthorized' },
      { ok: false, code: 'unauthorized' },
      /refuses the settings of the sender sms \(unauthorized\)/,
    ],
    ['cannot be asked', { kind: 'unreachable', code: 'ECONNREFUSED' }, { ok: false }, /cannot be reached/],
  ])('says in one sentence that it %s', async (_what, health, expected, says) => {
    const { status, answer } = await test('sms', health)
    expect(status).toBe(200)
    expect(senderTest.strict().parse(answer)).toMatchObject(expected)
    expect((answer as { sentence: string }).sentence).toMatch(says)
    expect((answer as { sentence: string }).sentence).toMatch(/^[A-Z][^.]*\.$/)
  })

  it('pauses a sender that is set up wrong, and lets it send once it is right', async () => {
    await test('sms', { kind: 'misconfigured', code: 'unauthorized' })
    expect(await smsNow()).toMatchObject({ paused: { code: 'unauthorized' } })
    await test('sms', { kind: 'healthy' })
    expect(await smsNow()).not.toHaveProperty('paused')
  })

  it('sends nothing', async () => {
    world.emr.put(patient())
    world.emr.put(permit('sms'))
    await test('sms')
    await world.settle()
    expect(world.carrier.ledger).toEqual([])
  })

  it.each(['carrier', 'sms/../x', 'a sender'])('answers 404 for %s, with those that are', async (name) => {
    const { status, answer } = await test(name)
    expect(status).toBe(404)
    expect((answer as { error: string }).error).toMatch(
      /^There is no sender .*; there are: whatsapp, sms, email\.$/,
    )
  })
})
