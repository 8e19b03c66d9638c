/** The demo as a thing that starts and ends: on a Redis of its own, on a given one, on a taken port. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { nothing } from './leftovers.ts'
import { freePorts, interruptEarly, openDemo } from './open-demo.ts'
import { until } from './until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('comes up, says what to open, and leaves nothing behind when it is interrupted', async () => {
  const demo = await openDemo()
  onTestFinished(() => demo.stop().then(() => {}))
  console.log(`demo start to ready: ${demo.readyAfter} ms`)
  expect(demo.readyAfter).toBeLessThan(60_000)
  await until('it says what to open', () => demo.said().includes('Ctrl-C stops everything.'))
  const { store: _none, ...urls } = demo.urls
  for (const url of Object.values(urls)) expect(demo.said()).toContain(url)
  expect(await demo.workers()).toHaveLength(1)
  expect(await demo.stop()).toEqual({ ...nothing, code: 0 })
  expect(demo.said()).toContain('Everything is stopped.')
})

it('leaves nothing behind when it is interrupted before it is ready', async () => {
  const { said, ...left } = await interruptEarly()
  expect(left).toEqual({ ...nothing, code: 0 })
  expect(said).toContain('Everything is stopped.')
})

it('says in one sentence that the Redis it was given does not answer', async () => {
  const [port] = await freePorts(1)
  await expect(openDemo({ redisUrl: `redis://127.0.0.1:${port}` })).rejects.toThrow(
    `Redis at 127.0.0.1:${port} does not answer`,
  )
})

it('works on a Redis that is given, starts none, and leaves no key in it', async () => {
  const given = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
  onTestFinished(() => given.stop())
  const redis = new Redis(given.url)
  onTestFinished(() => redis.disconnect())

  const demo = await openDemo({ redisUrl: given.url })
  onTestFinished(() => demo.stop().then(() => {}))
  await expect(demo.pidOf('redis-server')).rejects.toThrow()
  const patient = await demo.stranger.admit()
  await demo.stranger.book(patient)
  await until('the reminder is on the phone', async () => (await demo.phones.inbox(patient.phone)).length > 0)
  const keys = await redis.keys('*')
  expect(keys.length).toBeGreaterThan(0)
  expect(keys.filter((key) => !key.startsWith('qasid-demo-'))).toEqual([])

  expect(await demo.stop()).toEqual({ ...nothing, code: 0 })
  expect(await redis.keys('*')).toEqual([])
})

it('says in one sentence which port is taken', async () => {
  const taken = createServer()
  await new Promise((resolve) => taken.listen(0, () => resolve(undefined)))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0

  const child = spawn(process.execPath, ['sandbox/demo/main.ts'], {
    cwd: root,
    env: { ...process.env, QASID_PORT: String(port) },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text
    })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(1)
  expect(said.trim()).toBe(`Port ${port} is taken: stop what listens there, or set QASID_PORT.`)
})
