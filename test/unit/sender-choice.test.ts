import { describe, expect, it } from 'vitest'
import { chooseSender, type SenderFacts } from '../../src/domain/sender-choice.ts'
import { address, numbers } from '../people.ts'

const sender = (id: string, channel: SenderFacts['channel'], from: string): SenderFacts => ({
  ...{ id, channel, address: address(from) },
})
const first = sender('first', 'sms', numbers.clinic)
const second = sender('second', 'sms', numbers.stranger)
const twin = sender('twin', 'whatsapp', numbers.stranger)
const all = [twin, first, second]

describe('the sender', () => {
  it('is the first of the channel', () => {
    expect(chooseSender(all, 'sms')).toBe(first)
  })

  it('of an answer is the one that was written to', () => {
    expect(chooseSender(all, 'sms', second.address)).toBe(second)
  })

  it('is of the channel even where another has the number that was written to', () => {
    expect(chooseSender([twin, first], 'sms', twin.address)).toBe(first)
  })

  it('is the first one where the number that was written to is no longer ours', () => {
    expect(chooseSender(all, 'sms', address(numbers.omar))).toBe(first)
  })

  it('is nobody where the channel has none', () => {
    expect(chooseSender(all, 'email')).toBeUndefined()
    expect(chooseSender([], 'sms', numbers.clinic as SenderFacts['address'])).toBeUndefined()
  })
})
