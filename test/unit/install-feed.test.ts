import { afterEach, describe, expect, it } from 'vitest'
import { createInstallFeed } from '../../src/compose/install-feed.ts'
import { hour, instant } from '../../src/domain/time.ts'
import { connectToAdd } from '../../src/queue/connection.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { type Answer, startScriptedServer } from './emr-scripted-server.ts'

const silent = { info() {}, warn() {}, error() {} }
const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

const stating = (...types: string[]): Answer => ({
  json: {
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    rest: [{ mode: 'server', resource: types.map((type) => ({ type, interaction: [{ code: 'create' }] })) }],
  },
})

/** Nobody listens at its Redis. */
async function start(...answers: Answer[]) {
  let time = instant(1_790_000_000_000)
  const server = await startScriptedServer(...answers)
  const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: silent })
  closings.push(
    () => server[Symbol.asyncDispose](),
    () => connection.disconnect(),
  )
  const feed = createInstallFeed({
    ...{ connection, prefix: 'qasid', install: 'clinic', host: createMemoryEmr(), now: () => time },
    server: { baseUrl: `${server.origin}/fhir` },
  })
  return {
    server,
    takes: async () => (await feed.offers('Appointment')).takesSubscriptions,
    pass: (wait: number) => {
      time = instant(time + wait)
    },
  }
}

describe('what a host offers', () => {
  it('is asked once an hour, for hosts learn new things', async () => {
    const { server, takes, pass } = await start(
      stating('Appointment'),
      stating('Appointment', 'Subscription'),
    )
    expect([await takes(), await takes(), server.asked.length]).toEqual([false, false, 1])
    pass(hour)
    expect([await takes(), server.asked.length]).toEqual([true, 2])
  })

  it('is what it said last while it cannot say', async () => {
    const { takes, pass } = await start(stating('Subscription'), { status: 503 }, stating('Appointment'))
    expect(await takes()).toBe(true)
    pass(hour)
    expect(await takes()).toBe(true)
    expect(await takes()).toBe(false)
  })

  it('is unknown, and no refusal, before it said anything', async () => {
    const { takes } = await start({ status: 503 }, stating('Subscription'))
    await expect(takes()).rejects.toThrow('CapabilityStatement')
    expect(await takes()).toBe(true)
  })
})
