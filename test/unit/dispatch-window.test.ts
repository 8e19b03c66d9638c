import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dispatchWindow, isLookDue, takenFrom } from '../../src/domain/dispatch-window.ts'

it.each([
  ['what the senders carry together in two minutes', [80, 20], 12_000],
  ['no less than two hundred, for a slow sender', [1], 200],
  ['two hundred without any sender: they are judged all the same', [], 200],
  ['no more than twenty thousand, for the fastest', [500, 500], 20_000],
  ['whole requests only', [2.51], 301],
])('a tick may take %s', (_what, perSecond, window) => {
  expect(dispatchWindow(perSecond)).toBe(window)
})

it.each([
  [0, true],
  [100, true],
  [101, false],
  [5_000, false],
])('with %i of a window of 200 waiting, is it time to look: %s', (waiting, is) => {
  expect(isLookDue({ window: 200, waiting })).toBe(is)
})

it('takes what is not on its way yet, in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (isHeld) => {
      const due = isHeld.map((_held, index) => index)
      const taken = takenFrom(due, isHeld)
      expect(taken).toEqual(due.filter((index) => !isHeld[index]))
    }),
  )
})
