import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/domain/nearest.ts'

const commands = ['send', 'senders', 'status', 'templates']

describe('the word that was meant', () => {
  it.each([
    ['sned', 'send'],
    ['SEND', 'send'],
    ['sender', 'senders'],
    ['tempaltes', 'templates'],
    ['fax', undefined],
    ['', undefined],
  ])('%j is taken for %s', (word, meant) => {
    expect(nearest(word, commands)).toBe(meant)
  })
})
