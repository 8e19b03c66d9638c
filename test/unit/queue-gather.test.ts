import { describe, expect, it } from 'vitest'
import { gather } from '../../src/queue/gather.ts'

/** Work that ends when it is told to. */
function slowly() {
  const batches: { items: number[]; end: PromiseWithResolvers<void> }[] = []
  const add = gather<number>((items) => {
    const end = Promise.withResolvers<void>()
    batches.push({ items, end })
    return end.promise
  })
  const begun = async (count: number) => {
    while (batches.length < count) await new Promise((resolve) => setImmediate(resolve))
    return batches.map(({ items }) => items)
  }
  return { add, batches, begun }
}

describe('what many ask for at once', () => {
  it('is done together, and what comes meanwhile together after it', async () => {
    const { add, batches, begun } = slowly()
    const first = [add(1), add(2)]
    expect(await begun(1)).toEqual([[1, 2]])
    const later = [add(3), add(4), add(5)]
    batches[0]?.end.resolve()
    await Promise.all(first)
    expect(await begun(2)).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    batches[1]?.end.resolve()
    await Promise.all(later)
  })

  it('of one is done at once, again and again', async () => {
    const { add, batches, begun } = slowly()
    for (let turn = 1; turn <= 3; turn++) {
      const done = add(turn)
      await begun(turn)
      batches[turn - 1]?.end.resolve()
      await done
    }
    expect(batches.map(({ items }) => items)).toEqual([[1], [2], [3]])
  })

  it('and fails is told to each of them, and to nobody who comes later', async () => {
    const { add, batches, begun } = slowly()
    const failed = [add(1), add(2)].map((one) => expect(one).rejects.toThrow('away'))
    await begun(1)
    const later = add(3)
    batches[0]?.end.reject(new Error('away'))
    await Promise.all(failed)
    await begun(2)
    batches[1]?.end.resolve()
    await later
  })

  it('and throws before it begins is told too', async () => {
    const add = gather<number>(() => {
      throw new Error('closed')
    })
    await expect(add(1)).rejects.toThrow('closed')
  })
})
