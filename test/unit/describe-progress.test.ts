import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { describeProgress } from '../../src/domain/describe-progress.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, hour } from '../../src/domain/time.ts'
import { attempt, now, request } from '../people.ts'

const told = (
  ofRequest: Partial<MessageRequest>,
  attempts: Partial<Attempt>[] = [],
  paused: { id: string; code: string }[] = [],
) => describeProgress({ request: request(ofRequest), attempts: attempts.map(attempt), paused, now })

describe('where a message stands is said in one sentence', () => {
  it.each([
    ['due', told({}), 'It is on its way out.'],
    ['later', told({ dueAt: after(now, hour) }), 'It waits until 2026-11-20T06:00:00.000Z.'],
    ['on its next hop', told({}, [{ state: 'undelivered' }]), 'It is tried another way.'],
    ['approved by nobody yet', told({ status: 'draft' }), 'It is held back.'],
    [
      'revoked',
      told({ status: 'revoked', reason: 'no-consent' }),
      'It was not sent: there is no consent for this channel.',
    ],
    [
      'handed over',
      told({ status: 'completed' }, [{}]),
      'It was handed over and is on its way to the patient.',
    ],
    [
      'at the mail server',
      told({ status: 'completed' }, [{ state: 'relay-accepted' }]),
      'The mail server took it; nothing more can be known.',
    ],
    [
      'lost',
      told({ status: 'completed' }, [{ state: 'undelivered' }]),
      'It did not arrive: the message was accepted but did not arrive.',
    ],
    [
      'unclear',
      told({ status: 'on-hold', reason: 'no-answer' }, [{ state: 'unknown', reason: 'no-answer' }]),
      'Nobody knows whether it was sent.',
    ],
    [
      'about to be unclear',
      told({ status: 'on-hold', reason: 'no-answer' }, [{ state: 'claimed' }]),
      'Nobody knows whether it was sent.',
    ],
    [
      'there',
      told({ status: 'completed' }, [{ state: 'failed' }, { state: 'delivered' }]),
      'It has arrived.',
    ],
    ['read', told({ status: 'completed' }, [{ state: 'read' }]), 'The patient has read it.'],
  ])('%s', (_where, sentence, expected) => {
    expect(sentence).toBe(expected)
  })

  it('and a paused sender is named only while the message waits for it', () => {
    const paused = [{ id: 'sms', code: '20003' }]
    expect(told({}, [], paused)).toMatch(/^The sender sms is paused .*\(20003\)/)
    expect(told({ status: 'completed' }, [{ state: 'delivered' }], paused)).toBe('It has arrived.')
  })
})
