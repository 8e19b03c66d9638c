/** `docs/incidents.md` promises tests by name: each is where it says. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const here = new URL('..', import.meta.url)
const page = readFileSync(new URL('docs/incidents.md', here), 'utf8')

interface Row {
  incident: number
  file: string
  test: string
}

const rows = page.split('\n').flatMap((line): Row[] => {
  const [, number = '', , file = '', test = ''] = line.split('|').map((cell) => cell.trim())
  return /^\d+$/.test(number) ? [{ incident: Number(number), file, test }] : []
})

/** Not those of answers and screens. */
const ofSending = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23]

describe('the incidents of others', () => {
  it('that concern sending are all there', () => {
    expect(
      [...new Set(rows.map(({ incident }) => incident))].filter((one) => ofSending.includes(one)),
    ).toEqual(ofSending)
  })

  it.each(rows)('$incident: $test ($file)', ({ file, test }) => {
    const source = readFileSync(new URL(file, here), 'utf8')
    expect([`'${test}'`, `"${test}"`, `\`${test}\``].some((name) => source.includes(name))).toBe(true)
  })
})
