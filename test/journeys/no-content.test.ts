/** Promise 5: after a busy day, Redis and the logs hold references and codes, and nothing of any patient. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ProvidedRedis, provideRedis } from '../../sandbox/provide/redis.ts'
import { type OpenDemo, openDemo } from './open-demo.ts'
import { until } from './until.ts'

let redis: ProvidedRedis
let folder: string
let demo: OpenDemo
beforeAll(async () => {
  redis = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
  folder = await mkdtemp(join(tmpdir(), 'qasid-log-'))
  demo = await openDemo({ redisUrl: redis.url, logTo: join(folder, 'log') })
})
afterAll(async () => {
  await demo.stop()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

it('Redis and the logs of all processes hold no text, name, number or secret', async () => {
  const { stranger, phones } = demo
  const given = 'Zenobia'
  const patients = await Promise.all(
    ['en', 'ar', 'hi'].map((language) => stranger.admit({ language, given })),
  )
  const silent = await stranger.admit({ given, agrees: false })
  const monitor = await record(redis.url)
  for (const patient of [...patients, silent]) await stranger.book(patient)
  for (const { phone } of patients) {
    await until('the reminder is there', async () => (await phones.inbox(phone)).length > 0)
    for (const text of ['1', 'My knee is swollen', 'STOP']) await phones.write(phone, 'sms', text)
  }
  await until('all is answered', async () => {
    const found = await Promise.all(patients.map(({ phone }) => phones.inbox(phone)))
    // The thanks for "1" may be overtaken by STOP, whose confirmation is the last of all.
    return found.every((inbox) => inbox.length >= 2)
  })
  await fetch(`${demo.urls.qasid}/webhooks/sample-clinic/sms`, { method: 'POST', body: 'My knee is swollen' })
  await demo.settled()

  const seen = [...monitor.commands(), await readFile(join(folder, 'log'), 'utf8'), demo.said()].join('\n')
  monitor.stop()
  expect(seen.length).toBeGreaterThan(10_000)
  const numbers = [...patients, silent].map(({ phone }) => phone.slice(1))
  for (const secret of [given, 'knee', 'swollen', demo.webhookSecret, ...numbers])
    expect(seen.includes(secret), secret.slice(0, 3)).toBe(false)
})

/** Every command that any client sends to Redis: more than a dump at the end would show. */
async function record(url: string) {
  const connection = new Redis(url)
  const monitor = await connection.monitor()
  const commands: string[] = []
  monitor.on('monitor', (_time: string, words: string[]) => commands.push(words.join(' ')))
  return {
    commands: () => commands,
    stop() {
      monitor.disconnect()
      connection.disconnect()
    },
  }
}
