import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../src/config.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const enough = { REDIS_URL: 'redis://localhost:6379', QASID_DATA: '/var/qasid', QASID_KEY: key }

function faultsOf(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

describe('loadConfig', () => {
  it('needs a Redis, a folder and a key; the rest has a usual value', () => {
    expect(loadConfig(enough)).toMatchObject({
      ...{ port: 8080, baseUrl: 'http://localhost:8080', redisUrl: 'redis://localhost:6379' },
      ...{ redisPrefix: 'qasid', dataDir: '/var/qasid', logLevel: 'info', concurrency: 20 },
    })
    expect(loadConfig(enough).key).toEqual(Buffer.alloc(32, 7))
  })

  it('takes what is set', () => {
    const set = {
      ...{ QASID_PORT: '9000', QASID_BASE_URL: 'https://qasid.clinic.example/' },
      ...{ REDIS_URL: 'rediss://cache:6380/1', QASID_REDIS_PREFIX: 'clinic-2', QASID_LOG: 'debug' },
      QASID_CONCURRENCY: '200',
    }
    expect(loadConfig({ ...enough, ...set })).toMatchObject({
      ...{ port: 9000, baseUrl: 'https://qasid.clinic.example', redisUrl: 'rediss://cache:6380/1' },
      ...{ redisPrefix: 'clinic-2', logLevel: 'debug', concurrency: 200 },
    })
  })

  it('follows the port with the base URL, unless that is set', () => {
    expect(loadConfig({ ...enough, QASID_PORT: '9000' }).baseUrl).toBe('http://localhost:9000')
  })

  it('tells all faults at once, by the variable’s name', () => {
    expect(faultsOf({ QASID_PORT: 'x', QASID_LOG: 'loud' })).toEqual([
      'QASID_PORT is odd: it must be a port from 1 to 65535.',
      'REDIS_URL is not set: it must be a redis:// or rediss:// address.',
      'QASID_DATA is not set: it must be the folder with the install files.',
      'QASID_KEY is not set: it must be 32 bytes in base64 (openssl rand -base64 32).',
      'QASID_LOG is odd: it must be debug, info, warn or error.',
    ])
  })

  it.each([
    ['QASID_PORT', ['0', '65536', '80.5', '-1', '']],
    ['QASID_BASE_URL', ['qasid.example', 'ftp://qasid.example', '']],
    ['REDIS_URL', ['localhost:6379', 'http://localhost', '']],
    ['QASID_REDIS_PREFIX', ['a:b', '{a}', 'a b', '', 'x'.repeat(41)]],
    ['QASID_DATA', ['']],
    ['QASID_KEY', ['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')]],
    ['QASID_LOG', ['', 'INFO', 'trace']],
    ['QASID_CONCURRENCY', ['', '0', '1.5', '-1', '1001', 'all']],
  ])('%s is refused when it is odd', (name, values) => {
    for (const value of values)
      expect(faultsOf({ ...enough, [name]: value })).toEqual([expect.stringContaining(name)])
  })

  it('never repeats a value: it may be a secret', () => {
    const secret = 'sesame-sesame'
    const env = { ...enough, QASID_KEY: secret, REDIS_URL: `http://:${secret}@cache`, QASID_BASE_URL: secret }
    expect(faultsOf(env)).toHaveLength(3)
    expect(faultsOf(env).join('\n')).not.toContain(secret)
  })

  it('gives no default for a secret, and takes an empty one for none', () => {
    const config = loadConfig({ ...enough, TWILIO_AUTH_TOKEN: 'sesame', EMPTY: '' })
    expect(config.secret('TWILIO_AUTH_TOKEN')).toBe('sesame')
    expect(config.secret('EMPTY')).toBeUndefined()
    expect(config.secret('OTHER')).toBeUndefined()
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(loadConfig(enough))).toBe(true)
  })
})
