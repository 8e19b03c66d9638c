/** What the Cloud API answers about templates, the number and the history of a message. */
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { toHealth } from '../../src/providers/meta/health.ts'
import { furthest } from '../../src/providers/meta/statuses.ts'
import { toSubmission, toSubmitted } from '../../src/providers/meta/templates.ts'
import { sender } from './provider-meta-sample.ts'

const answered = (status: number, body: unknown) => ({ status, headers: {}, body })
const error = (code: number, more = {}) => ({ error: { message: 'x', code, ...more } })

describe('a template', () => {
  const template = {
    ...{ name: 'visit_reminder', language: 'ar', category: 'UTILITY' as const },
    ...{ body: 'مرحبا {{1}}، الساعة {{2}}.', samples: ['سارة', '10:30'] },
  }

  it('is submitted with positional values and an example', () => {
    expect(toSubmission(template)).toEqual({
      ...{ name: 'visit_reminder', language: 'ar', category: 'UTILITY', parameter_format: 'POSITIONAL' },
      components: [{ type: 'BODY', text: template.body, example: { body_text: [['سارة', '10:30']] } }],
    })
    expect(toSubmission({ ...template, samples: [] }).components).toEqual([
      { type: 'BODY', text: template.body },
    ])
  })

  it.each<[number, unknown, object]>([
    [200, { id: '1', status: 'PENDING' }, { kind: 'submitted', id: '1', status: 'pending' }],
    [200, { id: '1', status: 'APPROVED' }, { kind: 'submitted', id: '1', status: 'approved' }],
    [200, { id: '1' }, { kind: 'submitted', id: '1', status: 'pending' }],
    [200, '<html>', { kind: 'unreachable', code: 'no-template-id' }],
    [400, error(100, { error_subcode: 2388024 }), { kind: 'refused', code: '2388024' }],
    [400, error(100), { kind: 'refused', code: '100' }],
    [401, error(190), { kind: 'refused', code: '190' }],
    [429, error(80007), { kind: 'unreachable', code: '80007' }],
    [500, error(1), { kind: 'unreachable', code: '1' }],
    [502, '', { kind: 'unreachable', code: 'http-502' }],
  ])('%i %j', (status, body, wanted) => {
    expect(toSubmitted(answered(status, body))).toEqual(wanted)
  })
})

describe('the health of a number', () => {
  const number = { id: '2', display_phone_number: '+1 555-010-0001', quality_rating: 'GREEN' }
  const says = (can_send_message: string, errors: object[] = []) => ({
    ...number,
    health_status: {
      can_send_message,
      entities: [
        { entity_type: 'APP', can_send_message: 'AVAILABLE', errors: [{ error_code: 1 }] },
        { entity_type: 'WABA', can_send_message, errors },
      ],
    },
  })

  it.each<[number, unknown, object]>([
    [200, number, { kind: 'healthy', quality: 'GREEN' }],
    [200, { ...number, quality_rating: 'YELLOW' }, { kind: 'healthy', quality: 'YELLOW' }],
    [200, { ...number, quality_rating: 'RED' }, { kind: 'limited', code: 'quality-red' }],
    [200, { ...number, quality_rating: undefined }, { kind: 'healthy' }],
    [200, says('AVAILABLE'), { kind: 'healthy', quality: 'GREEN' }],
    [200, says('LIMITED', [{ error_code: 141006 }]), { kind: 'limited', code: '141006' }],
    [200, says('LIMITED'), { kind: 'limited', code: 'limited' }],
    [200, says('BLOCKED', [{ error_code: 141010 }]), { kind: 'misconfigured', code: '141010' }],
    [200, says('BLOCKED'), { kind: 'misconfigured', code: 'blocked' }],
    [
      200,
      { ...number, display_phone_number: '15550100009' },
      { kind: 'misconfigured', code: 'other-number' },
    ],
    [200, '<html>', { kind: 'unreachable', code: 'no-phone-number' }],
    [401, error(190), { kind: 'misconfigured', code: '190' }],
    [400, error(100, { error_subcode: 33 }), { kind: 'misconfigured', code: '100' }],
    [429, error(4), { kind: 'unreachable', code: '4' }],
    [503, error(2), { kind: 'unreachable', code: '2' }],
  ])('%i %j', (status, body, wanted) => {
    expect(toHealth(answered(status, body), sender)).toEqual(wanted)
  })
})

describe('the history of a message', () => {
  const asked = { attemptId: 'r1_1', askedAt: instant(9) }
  const told = (...states: [string, unknown?][]) =>
    states.map(([delivery_status, timestamp = 1_795_150_800]) => ({ delivery_status, timestamp }))
  const event = {
    kind: 'delivery',
    attemptId: 'r1_1',
    providerId: 'wamid.A=',
    at: instant(1_795_150_800_000),
  }

  it.each<[string, unknown, object | undefined]>([
    ['the furthest of them', told(['READ'], ['SENT'], ['DELIVERED']), { ...event, state: 'read' }],
    ['a list in its usual form', { data: told(['SENT']) }, { ...event, state: 'sent' }],
    ['a failure', told(['SENT'], ['FAILED']), { ...event, state: 'failed', reason: 'undelivered' }],
    ['no time', told(['SENT', 'soon']), { ...event, state: 'sent', at: instant(9) }],
    ['a word nobody knows', told(['DELETED']), undefined],
    ['nothing yet', [], undefined],
    ['nothing', undefined, undefined],
  ])('%s', (_what, events, wanted) => {
    expect(furthest({ data: [{ id: '1', message_id: 'wamid.A=', events }] }, asked, 'wamid.A=')).toEqual(
      wanted,
    )
  })

  it.each([undefined, '<html>', { data: [] }, { error: { code: 10 } }])('%j says nothing', (body) => {
    expect(furthest(body, asked, 'wamid.A=')).toBeUndefined()
  })
})
