import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/channel.ts'
import { onlyWay } from '../../src/domain/only-way.ts'

const sms = { id: 'sms', channel: 'sms' as const }
const second = { id: 'sms-2', channel: 'sms' as const }
const mail = { id: 'mail', channel: 'email' as const }

describe('the only way out', () => {
  it.each<[string, Channel[], { id: string; channel: Channel }[], string | undefined]>([
    ['is the one sender of the one channel', ['sms'], [sms, mail], 'sms'],
    ['is none where senders can be chosen', ['sms'], [sms, second], undefined],
    ['is none where another channel may follow', ['sms', 'email'], [sms], undefined],
    ['is none where any channel will do', [], [sms], undefined],
    ['is none where nobody serves the channel', ['whatsapp'], [sms, mail], undefined],
  ])('%s', (_what, plan, senders, only) => {
    expect(onlyWay({ plan }, senders)?.id).toBe(only)
  })
})
