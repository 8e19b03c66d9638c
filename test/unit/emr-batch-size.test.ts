import { describe, expect, it } from 'vitest'
import { nextBatchSize } from '../../src/emr/batch-size.ts'

describe('how many things are asked at once', () => {
  it.each([
    ['a quick answer to a full batch allows a larger one', 32, { of: 32, tookFor: 100, failed: false }, 48],
    ['never more than the most', 96, { of: 96, tookFor: 100, failed: false }, 100],
    ['a batch that was not full says nothing of larger ones', 32, { of: 5, tookFor: 10, failed: false }, 32],
    ['what takes its time is left as it is', 32, { of: 32, tookFor: 900, failed: false }, 32],
    ['what takes too long is halved', 64, { of: 64, tookFor: 2_500, failed: false }, 32],
    ['what fails is halved', 64, { of: 64, tookFor: 5, failed: true }, 32],
    ['by what was really asked', 64, { of: 20, tookFor: 5, failed: true }, 10],
    ['but some always go together', 4, { of: 4, tookFor: 9_000, failed: true }, 4],
  ])('%s', (_what, size, told, next) => {
    expect(nextBatchSize(size, told, 100)).toBe(next)
  })
})
