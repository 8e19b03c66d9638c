import { expect, it } from 'vitest'
import { laneOf } from '../../src/domain/lane.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { createSharedClock } from '../../src/queue/shared-clock.ts'

it.each<[string, Pick<MessageRequest, 'category' | 'priority' | 'key'>, string]>([
  ['a reminder', { category: 'reminder', priority: 'routine', key: 'r' }, 'bulk'],
  ['an urgent reminder', { category: 'reminder', priority: 'urgent', key: 'r' }, 'fast'],
  ['what staff write', { category: 'conversation', priority: 'routine', key: 'c' }, 'fast'],
  ['an automatic answer', { category: 'auto-reply', priority: 'routine', key: 'a' }, 'fast'],
  ['what a script orders', { category: 'conversation', priority: 'routine', key: 'api-1' }, 'bulk'],
  ['what a script orders as urgent', { category: 'conversation', priority: 'stat', key: 'api-1' }, 'fast'],
])('%s takes its lane', (_what, request, lane) => {
  expect(laneOf(request as MessageRequest)).toBe(lane)
})

it('The shared clock believes the quickest answer, until a clock was set anew', () => {
  let ours = 1_000
  const clock = createSharedClock(() => ours)
  clock.heard({ askedAt: 999, answeredAt: 1_000, theirs: 50_999.5 })
  expect(clock.local(51_000)).toBe(1_000)
  // An answer that lay about while the process was busy.
  ours = 1_300
  clock.heard({ askedAt: 1_100, answeredAt: 1_300, theirs: 51_101 })
  expect(clock.local(51_300)).toBe(1_300)
  ours = 1_400
  clock.heard({ askedAt: 1_390, answeredAt: 1_400, theirs: 90_395 })
  expect(clock.local(90_400)).toBe(1_400)
})
