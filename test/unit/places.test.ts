import { expect, it } from 'vitest'
import { createPlaces } from '../../src/compose/places.ts'

it('no more run at once than there are places, and a place is free again however it ended', async () => {
  const places = createPlaces(2)
  const { promise, resolve } = Promise.withResolvers<string>()
  const failing = places.take(() => promise.then(() => Promise.reject(new Error('it failed'))))
  const waiting = places.take(() => promise)
  let ran = false
  expect(
    await places.take(async () => {
      ran = true
    }),
  ).toBeUndefined()
  expect(ran).toBe(false)
  resolve('done')
  await expect(failing).rejects.toThrow('it failed')
  expect(await waiting).toBe('done')
  expect(await Promise.all([places.take(async () => 'a'), places.take(async () => 'b')])).toEqual(['a', 'b'])
})
