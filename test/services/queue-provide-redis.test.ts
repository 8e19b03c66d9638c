/** The Redis that the demo and the tests bring along. */
import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { provideRedis } from '../../sandbox/provide/redis.ts'

const env = { ...process.env, REDIS_URL: undefined }

describe('a provided Redis', () => {
  it('is private to this machine, keeps nothing on disk and forgets no job to make room', async () => {
    const redis = await provideRedis({ env })
    const connection = new Redis(redis.url)
    const setting = async (name: string) => (await connection.config('GET', name)) as unknown
    const folder = JSON.stringify(await setting('dir')).match(/"(\/[^"]+)"/)?.[1] ?? ''
    expect(JSON.stringify(await setting('bind'))).toContain('127.0.0.1')
    expect(JSON.stringify(await setting('maxmemory-policy'))).toContain('noeviction')
    expect(JSON.stringify(await setting('appendonly'))).toContain('no')
    expect(existsSync(folder)).toBe(true)
    connection.disconnect()
    await redis.stop()
    expect(existsSync(folder)).toBe(false)
  })

  it('starts beside another, and stopping twice is no fault', async () => {
    const [one, other] = await Promise.all([provideRedis({ env }), provideRedis({ env })])
    expect(one.url).not.toBe(other.url)
    await one.stop()
    await one.stop()
    await other.stop()
  })

  it('is the given one where REDIS_URL names one, and that is left alone', async () => {
    const given = await provideRedis({ env })
    const taken = await provideRedis({ env: { ...env, REDIS_URL: given.url } })
    expect(taken.url).toBe(given.url)
    await taken.stop()
    const connection = new Redis(given.url)
    expect(await connection.ping()).toBe('PONG')
    connection.disconnect()
    await given.stop()
  })
})
