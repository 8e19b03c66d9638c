import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseInstall, readInstalls } from '../../src/install-file.ts'
import { seal } from '../../src/seal.ts'
import { faultsOf as faultsIn, sampleInstall as install, sampleSender as sender } from './install-sample.ts'

const key = Buffer.alloc(32, 1)
const long = 'a-key-of-twenty-four-chars'
const env: Record<string, string> = { API_KEY: long, SHORT_KEY: 'too-short', CARRIER_TOKEN: 'sesame' }
const keys = { key, secret: (name: string) => env[name] }

const textOf = (changes: object) => JSON.stringify({ ...install, ...changes })
const parse = (changes: object) => parseInstall('clinic.json', textOf(changes), keys)

const faultsOf = (changes: object) => faultsIn(() => parse(changes))

describe('API keys', () => {
  it('are opened from a variable or a seal; without any, nobody may call', () => {
    const api = [
      { id: 'emr-scripts', key: 'env:API_KEY' },
      { id: 'night-run', key: seal(key, `${long}-2`) },
    ]
    expect(parse({ api }).api).toEqual([
      { id: 'emr-scripts', key: long },
      { id: 'night-run', key: `${long}-2` },
    ])
    expect(parse({}).api).toEqual([])
  })

  it.each<[string, object[], RegExp]>([
    ['written plainly', [{ id: 'emr', key: long }], /api\.emr\.key: it is a secret, so name a variable/],
    ['too short', [{ id: 'emr', key: 'env:SHORT_KEY' }], /api\.emr\.key: it is shorter than 24 characters/],
    ['not set', [{ id: 'emr', key: 'env:NOBODY' }], /api\.emr\.key: the variable NOBODY is not set/],
    ['without an id', [{ key: 'env:API_KEY' }], /clinic\.json: api\.\(number 1\)\.id is missing/],
    ['of one id', [1, 2].map(() => ({ id: 'emr', key: 'env:API_KEY' })), /api two keys have the id emr/],
  ])('that are %s are refused by name, without the key', (_what, api, says) => {
    const faults = faultsOf({ api })
    expect(faults).toEqual([expect.stringMatching(says)])
    expect(faults.join()).not.toMatch(/too-short|twenty-four/)
  })

  it('of two installs are never the same: the key decides the install', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'qasid-install-'))
    await mkdir(join(dataDir, 'installs'))
    const api = [{ id: 'emr', key: 'env:API_KEY' }]
    for (const id of ['one', 'two'])
      await writeFile(join(dataDir, 'installs', `${id}.json`), textOf({ id, api }))
    await expect(readInstalls({ ...keys, dataDir })).rejects.toThrow(/two API keys are the same/)
    await rm(dataDir, { recursive: true })
  })
})

describe('a sender', () => {
  const withSender = (changes: object) => ({ senders: [{ ...sender, ...changes }] })

  it('writes everywhere and has one share, unless the admin says otherwise', () => {
    expect(parse({}).senders).toMatchObject([{ weight: 1 }])
    expect(parse({}).senders[0]?.countries).toBeUndefined()
    expect(parse(withSender({ countries: ['AE', 'SA'], weight: 0.5 })).senders).toMatchObject([
      { countries: ['AE', 'SA'], weight: 0.5 },
    ])
  })

  it.each([
    ['a country that is none', { countries: ['UK'] }, /senders\.sms\.countries\.0 is not a country code/],
    ['no country at all', { countries: [] }, /senders\.sms\.countries/],
    ['no share', { weight: 0 }, /senders\.sms\.weight/],
  ])('with %s is refused', (_what, changes, says) => {
    expect(faultsOf(withSender(changes))).toEqual([expect.stringMatching(says)])
  })
})
