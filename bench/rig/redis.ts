/** A Redis of the rig's own, to be wiped, restarted and weighed. It keeps nothing on disk: a restart finds it empty. */
import { Redis } from 'ioredis'
import { provideRedis } from '../../sandbox/provide/redis.ts'

export interface RedisServer {
  url: string
  /** As an operator's own hand: apart from what the processes use. */
  connection: Redis
  /** Bytes in use. */
  memory(): Promise<number>
  /** Ends it and starts it again on the same port, empty. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startRedisServer(): Promise<RedisServer> {
  const env = { ...process.env, REDIS_URL: undefined }
  let server = await provideRedis({ env, say: () => {} })
  const { url } = server
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  connection.on('error', () => {})
  return {
    url,
    connection,
    async memory() {
      const info = await connection.info('memory')
      return Number(/used_memory:(\d+)/.exec(info)?.[1] ?? 0)
    },
    async restart() {
      await server.stop()
      server = await provideRedis({ env, say: () => {}, port: Number(new URL(url).port) })
    },
    async stop() {
      connection.disconnect()
      await server.stop()
    },
  }
}
