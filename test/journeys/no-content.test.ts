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
beforeAll(async () => {
  redis = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
  folder = await mkdtemp(join(tmpdir(), 'qasid-log-'))
})
afterAll(async () => {
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Everything that Redis was told and any process said while the story ran. */
async function overhear(carrier: string, story: (demo: OpenDemo) => Promise<void>) {
  const log = join(folder, carrier)
  const demo = await openDemo({ redisUrl: redis.url, logTo: log, args: ['--carrier', carrier] })
  const monitor = await record(redis.url)
  try {
    await story(demo)
    await demo.settled()
    const seen = [...monitor.commands(), await readFile(log, 'utf8'), demo.said()].join('\n')
    expect(seen.length).toBeGreaterThan(10_000)
    return { seen, secret: demo.webhookSecret }
  } finally {
    monitor.stop()
    await demo.stop()
  }
}

/** Also what stands there in base64, wherever in a word it begins. */
function expectNone(seen: string, secrets: string[]): void {
  const runs = seen.match(/[A-Za-z0-9+/_-]{12,}/g) ?? []
  const decoded = runs.flatMap((run) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString('latin1')),
  )
  for (const secret of secrets) {
    expect(seen.includes(secret), secret.slice(0, 3)).toBe(false)
    expect(
      decoded.some((one) => one.includes(secret)),
      `${secret.slice(0, 3)} in base64`,
    ).toBe(false)
  }
}

it('Redis and the logs of all processes hold no text, name, number or secret', async () => {
  const numbers: string[] = []
  const { seen, secret } = await overhear('sandbox', async (demo) => {
    numbers.push(...(await busyDay(demo)))
  })
  expectNone(seen, [given, 'knee', 'swollen', secret, ...numbers])
})

it('nor what a company’s ids of messages hold: WhatsApp’s have the number in them', async () => {
  let number = ''
  const { seen } = await overhear('meta', async ({ urls, apiKey, stranger, phones }) => {
    const { reference, phone } = await stranger.admit({ given })
    number = phone.slice(1)
    await phones.write(phone, 'whatsapp', 'My knee is swollen')
    await until('the chart has the question', async () => {
      const category = 'https://qasid.dev/fhir/CodeSystem/message-category|patient-message'
      return (await stranger.search('Communication', { subject: reference, category })).length > 0
    })
    const order = await fetch(`${urls.qasid}/api/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ to: reference, text: 'Rest your knee.', channels: ['whatsapp'] }),
    })
    expect(order.status).toBe(201)
    const sent = await until('the answer is on the phone', async () =>
      (await phones.inbox(phone)).find(({ text }) => text.includes('Rest')),
    )
    expect(sent.channel).toBe('whatsapp')
    await until('the chart has what became of it', async () => {
      const found = await stranger.search('Communication', { subject: reference })
      return found.some(
        ({ payload, status }) => status === 'completed' && payload?.[0]?.contentString === sent.text,
      )
    })
  })
  // Its callbacks came by Redis, and said nothing there.
  expect(seen).toContain('record~')
  expectNone(seen, [given, 'knee', 'swollen', number])
})

const given = 'Zenobia'

/** Bookings, reminders and answers. Resolves to the numbers of all who took part. */
async function busyDay(demo: OpenDemo): Promise<string[]> {
  const { stranger, phones } = demo
  const patients = await Promise.all(
    ['en', 'ar', 'hi'].map((language) => stranger.admit({ language, given })),
  )
  const silent = await stranger.admit({ given, agrees: false })
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
  return [...patients, silent].map(({ phone }) => phone.slice(1))
}

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
