import { describe, expect, it } from 'vitest'
import { sideBySide } from '../../src/flows/side-by-side.ts'

/** Each piece of work ends when the test says so. */
function pieces() {
  const begun: number[] = []
  const ends = new Map<number, { done(): void; fail(): void }>()
  const work = (item: number) =>
    new Promise<string>((resolve, reject) => {
      begun.push(item)
      ends.set(item, { done: () => resolve(`${item}`), fail: () => reject(new Error(`${item} failed`)) })
    })
  return { begun, work, ends }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('work side by side', () => {
  it('answers in the order of the items, with no more at once than wanted', async () => {
    const { begun, work, ends } = pieces()
    const all = sideBySide([1, 2, 3, 4], 2, work)
    expect(begun).toEqual([1, 2])
    ends.get(2)?.done()
    await turn()
    expect(begun).toEqual([1, 2, 3])
    for (const item of [3, 1, 4]) {
      ends.get(item)?.done()
      await turn()
    }
    expect(await all).toEqual(['1', '2', '3', '4'])
  })

  it('begins nothing more after a failure', async () => {
    const { begun, work, ends } = pieces()
    const all = sideBySide([1, 2, 3, 4], 2, work)
    ends.get(1)?.fail()
    await expect(all).rejects.toThrow('1 failed')
    ends.get(2)?.done()
    await turn()
    expect(begun).toEqual([1, 2])
  })

  it('of nothing is nothing', async () => {
    expect(await sideBySide([], 8, async () => 1)).toEqual([])
  })
})
