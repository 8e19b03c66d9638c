/** Where a message stands with an EMR that is told what was said, drawn as a table. */
import { describe, expect, it } from 'vitest'
import { type CopyFact, type CopyMark, copyAnswerOf, markAfter } from '../../src/domain/write-back.ts'

const marks: (CopyMark | undefined)[] = [undefined, 'waiting', 'told', 'to-correct', 'corrected', 'refused']
const facts: CopyFact[] = ['said', 'failed', 'removed', 'nothing']

describe('the mark of a message', () => {
  it.each<[CopyMark | undefined, CopyFact, CopyMark | undefined]>([
    [undefined, 'said', 'waiting'],
    ['waiting', 'said', 'waiting'],
    ['told', 'said', 'told'],
    ['corrected', 'said', 'to-correct'],
    ['refused', 'said', 'refused'],
    [undefined, 'failed', undefined],
    ['waiting', 'failed', undefined],
    ['told', 'failed', 'to-correct'],
    ['corrected', 'failed', 'corrected'],
    ['waiting', 'removed', undefined],
    ['told', 'removed', 'told'],
    ['to-correct', 'removed', 'to-correct'],
    [undefined, 'removed', undefined],
    ['waiting', 'nothing', 'waiting'],
    [undefined, 'nothing', undefined],
  ])('%s, when it is %s, becomes %s', (mark, fact, next) => {
    expect(markAfter(mark, fact)).toBe(next)
  })

  it('is the same however often the same is known', () => {
    for (const mark of marks)
      for (const fact of facts) {
        const once = markAfter(mark, fact)
        expect(markAfter(once, fact)).toBe(once)
      }
  })
})

describe('what the EMR’s status means', () => {
  it.each<[number | undefined, 'refused' | 'later']>([
    [400, 'refused'],
    [422, 'refused'],
    [403, 'later'],
    [404, 'later'],
    [401, 'later'],
    [409, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [undefined, 'later'],
  ])('%s is %s', (status, answer) => {
    expect(copyAnswerOf(status)).toBe(answer)
  })
})
