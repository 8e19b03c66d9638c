import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRateCards } from '../../src/rate-cards.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qasid-rates-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const card = {
  ...{ provider: 'carrier', currency: 'XTS', effectiveFrom: '2026-10-01' },
  rates: [{ market: '*', category: 'sms', rate: '0.0075', per: 'segment' }],
}
async function put(name: string, text: string): Promise<void> {
  await mkdir(join(dataDir, 'rate-cards'), { recursive: true })
  await writeFile(join(dataDir, 'rate-cards', name), text)
}

describe('rate cards', () => {
  it('are none where the operator keeps none', async () => {
    expect(await readRateCards({ dataDir })).toEqual([])
  })

  it('are read from files of one or several', async () => {
    await put('one.json', JSON.stringify(card))
    await put('two.json', JSON.stringify([card, { ...card, effectiveFrom: '2027-01-01' }]))
    await put('notes.txt', 'not a card')
    expect(await readRateCards({ dataDir })).toHaveLength(3)
  })

  it('that are odd are refused by file and field, all at once', async () => {
    await put('broken.json', '{')
    await put('odd.json', JSON.stringify({ ...card, rates: [{ ...card.rates[0], rate: 0.01 }] }))
    await expect(readRateCards({ dataDir })).rejects.toThrow(
      /broken\.json: it is not JSON[\s\S]*odd\.json: 0\.rates\.0\.rate/,
    )
  })
})
