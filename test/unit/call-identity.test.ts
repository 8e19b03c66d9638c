import { describe, expect, it } from 'vitest'
import { messageOrder } from '../../src/contract/messages.ts'
import { identifyCall } from '../../src/http/api/call-identity.ts'

const order = (differs: object = {}) =>
  identifyCall(messageOrder.parse({ to: 'Patient/sara', text: 'Hello', key: 'k', ...differs }))

describe('two calls', () => {
  it('are the same by key and by what they ask, however they are written', () => {
    expect(order()).toEqual(order({ to: ['Patient/sara'], priority: 'routine' }))
    const values = { b: '2', a: '1' }
    const template = { text: undefined, template: 't' }
    const turned = { a: '1', b: '2' }
    expect(order({ ...template, parameters: values })).toEqual(order({ ...template, parameters: turned }))
  })

  it.each([
    { text: 'Hello.' },
    { to: ['Patient/sara', 'Patient/omar'] },
    { at: '2026-11-20T08:00:00Z' },
    { priority: 'urgent' },
    { channels: ['sms'] },
  ])('differ when they ask something else: %j', (differs) => {
    expect(order(differs).key).toBe(order().key)
    expect(order(differs).body).not.toBe(order().body)
  })

  it('without a key are never the same', () => {
    expect(order({ key: undefined }).key).not.toBe(order({ key: undefined }).key)
  })

  it('fit into an identifier, and hold nothing readable', () => {
    expect(Object.values(order())).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ])
  })
})
