/** Rate cards: JSON files of the operator's under `<data>/rate-cards/`, one or several cards each. All faults are told at once. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, ConfigError } from './config.ts'
import { type RateCard, rateCard } from './domain/rate-card.ts'

/** None where there is no such folder. Throws `ConfigError` naming files and fields. */
export async function readRateCards({ dataDir }: Pick<Config, 'dataDir'>): Promise<RateCard[]> {
  const folder = join(dataDir, 'rate-cards')
  const names = await readdir(folder).catch(() => [])
  const faults: string[] = []
  const cards: RateCard[] = []
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const read = parseCards(await readFile(join(folder, name), 'utf8').catch(() => ''))
    if (read.kind === 'cards') cards.push(...read.cards)
    else faults.push(...read.faults.map((fault) => `rate-cards/${name}: ${fault}`))
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return cards
}

export function parseCards(
  text: string,
): { kind: 'cards'; cards: RateCard[] } | { kind: 'refused'; faults: string[] } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { kind: 'refused', faults: ['it is not JSON.'] }
  }
  const parsed = z.array(rateCard).safeParse(Array.isArray(json) ? json : [json])
  if (parsed.success) return { kind: 'cards', cards: parsed.data }
  return {
    kind: 'refused',
    faults: parsed.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`),
  }
}
