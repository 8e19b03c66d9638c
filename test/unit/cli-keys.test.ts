import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runKeys } from '../../src/compose/commands/keys.ts'
import { day, hour } from '../../src/domain/time.ts'
import { type KeyPlace, loadSigningKeys } from '../../src/signing-keys.ts'

let time: number
let place: KeyPlace
beforeEach(async () => {
  time = Date.UTC(2026, 10, 20, 6)
  const dataDir = await mkdtemp(join(tmpdir(), 'qasid-keys-'))
  place = { dataDir, key: Buffer.alloc(32, 1), now: () => time }
})
afterEach(() => rm(place.dataDir, { recursive: true }))

async function keys(...args: string[]) {
  const told: { out: string[]; err: string[] } = { out: [], err: [] }
  const code = await runKeys(args, {
    open: async () => ({ place, installs: ['palm', 'pine'] }),
    out: (line) => void told.out.push(line),
    err: (line) => void told.err.push(line),
  })
  const [secret] = await (await loadSigningKeys(place, 'palm')).current()
  expect([...told.out, ...told.err].join('\n')).not.toContain(secret?.d)
  return { code, ...told }
}

describe('qasid keys', () => {
  it('lists names and ages of every install’s keys', async () => {
    await keys()
    time += 3 * day
    const { code, out } = await keys()
    const [ec] = await (await loadSigningKeys(place, 'palm')).current()
    expect(code).toBe(0)
    expect(out).toHaveLength(1 + 2 * 4)
    expect(out[0]).toMatch(/^install +state +alg +kid +age$/)
    expect(out[1]).toBe(`palm     current  ES384  ${ec?.kid}  3 days`)
  })

  it('lists one install’s as JSON', async () => {
    const { out } = await keys('--install', 'pine', '--json')
    const listed = JSON.parse(out[0] ?? '') as Record<string, unknown>[]
    expect(new Set(listed.map(({ install }) => install))).toEqual(new Set(['pine']))
    expect(listed[0]).toEqual({
      ...{ install: 'pine', state: 'current', alg: 'ES384', kid: expect.any(String) },
      madeAt: '2026-11-20T06:00:00.000Z',
    })
  })

  it('--public prints the key set of one install for an EMR that has it typed in', async () => {
    const { out } = await keys('--public', '--install', 'palm')
    const published = await (await loadSigningKeys(place, 'palm')).published()
    expect(JSON.parse(out.join('\n'))).toEqual({ keys: published })
    expect(out.join()).not.toMatch(/"(d|p|q|dp|dq|qi)"/)
  })

  it.each([
    [['rotat'], 'Write qasid keys'],
    [['--install', 'oak'], 'there are: palm, pine'],
    [['rotate', '--public'], 'Rotate first'],
    [['--at-once'], 'Only rotate'],
    [['--pubic'], 'did you mean --public?'],
  ])('refuses %j in one sentence', async (args, words) => {
    const { code, err, out } = await keys(...args)
    expect([code, out]).toEqual([2, []])
    expect(err.join()).toContain(words)
  })
})

describe('qasid keys rotate', () => {
  const current = async (install: string) =>
    (await (await loadSigningKeys(place, install)).current()).map(({ kid }) => kid)

  it('brings in the next keys of every install', async () => {
    const before = [await current('palm'), await current('pine')]
    time += 2 * hour
    const { code, out } = await keys('rotate')
    expect([code, out.length]).toEqual([0, 2])
    expect([await current('palm'), await current('pine')]).not.toEqual(before)
  })

  it('of one install leaves the others alone', async () => {
    const [palm, pine] = [await current('palm'), await current('pine')]
    expect((await keys('rotate', '--install', 'palm', '--at-once')).code).toBe(0)
    expect(await current('palm')).not.toEqual(palm)
    expect(await current('pine')).toEqual(pine)
  })

  it('says from when on it is safe, and does nothing before', async () => {
    const before = await current('palm')
    const { code, err } = await keys('rotate', '--install', 'palm')
    expect(code).toBe(1)
    expect(err[0]).toContain('rotate after 2026-11-20T07:00:00.000Z, or now with --at-once')
    expect(await current('palm')).toEqual(before)
  })
})
