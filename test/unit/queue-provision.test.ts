import { describe, expect, it } from 'vitest'
import { decideChromium, decideFonts, decideRedis } from '../../sandbox/provide/decide-provision.ts'

const bare = { root: false, debian: false }

describe('where Redis and Chromium come from', () => {
  it('is what the environment names, whatever else is there', () => {
    const seen = { named: 'redis://cache:6379', found: '/usr/bin/redis-server', root: true, debian: true }
    expect(decideRedis(seen)).toEqual({ kind: 'named', value: 'redis://cache:6379' })
    expect(decideChromium({ ...seen, named: '/opt/chrome' })).toEqual({ kind: 'named', value: '/opt/chrome' })
  })

  it('is else what the PATH holds, also for root', () => {
    expect(decideRedis({ found: '/usr/bin/redis-server', root: true, debian: true })).toEqual({
      kind: 'found',
      path: '/usr/bin/redis-server',
    })
  })

  it('is else a Debian package, for root only', () => {
    expect(decideRedis({ root: true, debian: true })).toEqual({ kind: 'install', packages: ['redis-server'] })
    expect(decideChromium({ root: true, debian: true })).toEqual({
      kind: 'install',
      packages: ['chromium', 'fonts-noto-core'],
    })
  })

  it.each([
    bare,
    { root: true, debian: false },
    { root: false, debian: true },
  ])('is else a sentence that says what to do: %o', (seen) => {
    expect(decideRedis(seen)).toMatchObject({ kind: 'refuse', because: expect.stringContaining('REDIS_URL') })
    expect(decideChromium(seen)).toMatchObject({
      kind: 'refuse',
      because: expect.stringContaining('CHROME_PATH'),
    })
  })

  it('takes an empty variable for none', () => {
    expect(decideRedis({ named: '', found: '/usr/bin/redis-server', ...bare })).toMatchObject({
      kind: 'found',
    })
  })
})

describe('fonts', () => {
  it('are left alone when both scripts can be shown', () => {
    expect(decideFonts({ arabic: true, hindi: true, ...bare })).toEqual({ kind: 'enough' })
  })

  it('are installed for root when one is lacking, and asked for otherwise', () => {
    expect(decideFonts({ arabic: true, hindi: false, root: true, debian: true })).toMatchObject({
      kind: 'install',
    })
    expect(decideFonts({ arabic: true, hindi: false, ...bare })).toMatchObject({
      kind: 'lacking',
      because: expect.stringContaining('Hindi'),
    })
  })
})
