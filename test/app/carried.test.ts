import { describe, expect, it } from 'vitest'
import { carriedOn, carrying } from '../../smart-app/src/conversation/carried.ts'
import { fileSize } from '../../smart-app/src/files/file-size.ts'
import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { Carries } from '../../src/domain/outgoing.ts'
import type { SenderFacts } from '../../src/domain/sender-choice.ts'

const text: Carries = {
  ...{ longestText: 1_600, files: [], reactions: false, quotes: false, templates: 'none' },
  ...{ receipts: true, answers: true },
}

function sender(id: string, channel: Channel, carries?: Partial<Carries>): SenderFacts {
  return { id, channel, address: 'ours' as Address, carries: carries && { ...text, ...carries } }
}

const senders = [
  sender('one', 'whatsapp', { files: ['document'], quotes: true }),
  sender('two', 'whatsapp', { files: ['document', 'image'], reactions: true }),
  sender('three', 'sms', {}),
  sender('four', 'email'),
]

describe('what a channel carries', () => {
  it('is what its senders carry together', () => {
    expect(carriedOn('whatsapp', senders)).toEqual({
      ...{ files: ['document', 'image'], reactions: true, quotes: true },
    })
    expect(carriedOn('sms', senders)).toEqual({ files: [], reactions: false, quotes: false })
  })

  it('is text only, where the backend does not tell', () => {
    expect(carriedOn('email', senders)).toEqual({ files: [], reactions: false, quotes: false })
  })

  it('leaves those channels of a plan on which a file can go', () => {
    expect(carrying('image', ['sms', 'whatsapp', 'email'], senders)).toEqual(['whatsapp'])
    expect(carrying('video', ['sms', 'whatsapp', 'email'], senders)).toEqual([])
  })
})

it.each([
  [0, 'en', '0 bytes'],
  [999, 'en', '999 bytes'],
  [84_210, 'en', '84 kB'],
  [2_140_000, 'en', '2.1 MB'],
  [40_000_000, 'en', '40 MB'],
  [84_210, 'ar', '84 كيلوبايت'],
  [2_140_000, 'ar', '2.1 ميغابايت'],
  [999, 'hi', '999 बाइट'],
  [84_210, 'hi', '84 किलोबाइट'],
] as const)('%i bytes are said in %s as %s', (bytes, language, said) => {
  expect(fileSize(bytes, language)).toBe(said)
})
