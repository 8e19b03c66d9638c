import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { createRightOfWay } from '../../src/emr/right-of-way.ts'

function timed() {
  let at = 1_000
  const way = createRightOfWay(() => instant(at))
  const pass = (milliseconds: number) => {
    at += milliseconds
  }
  return { ...way, pass }
}

describe('the right of way', () => {
  it('is nobody’s while nobody hurries', () => {
    expect(timed().holdFor()).toBe(0)
  })

  it('holds bulk until a moment after the last hurried question', () => {
    const { take, holdFor, pass } = timed()
    take()
    pass(15)
    take()
    pass(15)
    expect(holdFor()).toBe(5)
    pass(5)
    expect(holdFor()).toBe(0)
  })

  it('lets bulk go now and then, however many hurry', () => {
    const { take, holdFor, pass } = timed()
    let went = 0
    for (let passed = 0; passed < 3_000; passed += 10) {
      take()
      if (holdFor() === 0) went += 1
      pass(10)
    }
    expect(went).toBeGreaterThanOrEqual(15)
    expect(went).toBeLessThanOrEqual(20)
  })
})
