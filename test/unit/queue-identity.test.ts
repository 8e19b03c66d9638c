import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJobVeil } from '../../src/compose/job-veil.ts'
import type { Instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { identify } from '../../src/queue/job-identity.ts'
import { clockQueue, inboxQueue, sendQueue } from '../../src/queue/queue-names.ts'
import { coverJob, uncoverJob } from '../../src/queue/veil.ts'

const send: Job = { kind: 'send', request: 'CommunicationRequest/1', sender: 'sms', lane: 'fast' }

describe('the identity of a job', () => {
  it('is the same for the same job and differs in kind, reference, sender and lane', () => {
    const all: Job[] = [
      { kind: 'plan', visit: 'CommunicationRequest/1' },
      { kind: 'dispatch', request: 'CommunicationRequest/1' },
      { kind: 'dispatch', request: 'CommunicationRequest/1', lane: 'bulk' },
      send,
      { ...send, lane: 'bulk' },
      { ...send, sender: 'whatsapp' },
      { ...send, request: 'CommunicationRequest/2' },
      { kind: 'answer', message: 'CommunicationRequest/1' },
      { kind: 'sweep' },
    ]
    expect(new Set(all.map((job) => identify(job))).size).toBe(all.length)
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

  it('holds no provider id, but a mark of it: of WhatsApp’s the patient’s number can be read', () => {
    const providerId = `wamid.${Buffer.from('\x1d\x18\x0c971501234567\x15\x02').toString('base64')}`
    const told: Job[] = [
      {
        kind: 'record',
        sender: 'w',
        event: { kind: 'delivery', providerId, state: 'sent', at: 1 as Instant },
      },
      { kind: 'hint', sender: 'w', hint: { kind: 'hint', providerId } },
    ]
    const veil = createJobVeil({ key: randomBytes(32) })
    for (const job of told) {
      expect(identify(job, veil)).toBe(identify(job, veil))
      expect(identify(job, veil)).not.toBe(identify(job, createJobVeil({ key: randomBytes(32) })))
      expect(identify(job, veil)).toMatch(/~[0-9a-f]{64}(~sent)?$/)
      const covered = coverJob(job, veil)
      expect(JSON.stringify(covered)).not.toContain(providerId)
      expect(coverJob(job, veil)).not.toEqual(covered)
      expect(uncoverJob(covered, veil)).toEqual(job)
      // Of a job that an older version of us left behind.
      expect(uncoverJob(job, veil)).toEqual(job)
      expect(() => uncoverJob(covered, createJobVeil({ key: randomBytes(32) }))).toThrow()
    }
    expect(coverJob(send, veil)).toBe(send)
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

it('A nudge without a lane is the same as one in the fast lane', () => {
  const nudge: Job = { kind: 'dispatch', request: 'CommunicationRequest/1' }
  expect(identify({ ...nudge, lane: 'fast' })).toBe(identify(nudge))
})

describe('the names of queues', () => {
  it('share one hash tag per install and hold no colon', () => {
    const names = [
      inboxQueue('sample-clinic'),
      inboxQueue('sample-clinic', 'bulk'),
      // Whatever a sender is called, no lane takes another's name.
      ...['sms', 'bulk', 'bulk-sms', 'sms-bulk'].flatMap((sender) => [
        sendQueue('sample-clinic', sender, 'fast'),
        sendQueue('sample-clinic', sender, 'bulk'),
      ]),
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
