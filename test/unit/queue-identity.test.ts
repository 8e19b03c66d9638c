import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { identify } from '../../src/queue/job-identity.ts'
import { clockQueue, inboxQueue, sendQueue } from '../../src/queue/queue-names.ts'

const send: Job = { kind: 'send', request: 'CommunicationRequest/1', sender: 'sms', lane: 'fast' }

describe('the identity of a job', () => {
  it('is the same for the same job and differs in kind, reference, sender and lane', () => {
    const all: Job[] = [
      { kind: 'plan', visit: 'CommunicationRequest/1' },
      { kind: 'dispatch', request: 'CommunicationRequest/1' },
      send,
      { ...send, lane: 'bulk' },
      { ...send, sender: 'whatsapp' },
      { ...send, request: 'CommunicationRequest/2' },
      { kind: 'answer', message: 'CommunicationRequest/1' },
      { kind: 'sweep' },
    ]
    expect(new Set(all.map(identify)).size).toBe(all.length)
    expect(identify({ ...send })).toBe(identify(send))
  })

  it('of a delivery event does not hang on its time, which a repeated callback may change', () => {
    const at = (time: number): Job => ({
      kind: 'record',
      sender: 'sms',
      event: { kind: 'delivery', providerId: 'SM1', state: 'sent', at: time as Instant },
    })
    expect(identify(at(1))).toBe(identify(at(2)))
  })

  it('never holds a colon, never is all digits, and never mixes two jobs up', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (sender, request, otherSender, otherRequest) => {
          const one = identify({ ...send, sender, request })
          const other = identify({ ...send, sender: otherSender, request: otherRequest })
          expect(one).not.toMatch(/:/)
          expect(one).not.toMatch(/^\d+$/)
          expect(one === other).toBe(sender === otherSender && request === otherRequest)
        },
      ),
    )
  })
})

describe('the names of queues', () => {
  it('share one hash tag per install and hold no colon', () => {
    const names = [
      inboxQueue('sample-clinic'),
      sendQueue('sample-clinic', 'sms'),
      clockQueue('sample-clinic'),
    ]
    for (const name of names) {
      expect(name).toMatch(/^\{sample-clinic\}-/)
      expect(name).not.toMatch(/:/)
    }
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(['', 'a:b', 'a{b', 'a b'])('refuse the id "%s"', (id) => {
    expect(() => inboxQueue(id)).toThrow()
    expect(() => sendQueue('sample-clinic', id)).toThrow()
  })
})
