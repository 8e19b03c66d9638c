import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findFaults } from '../../src/compose/deployment.ts'
import { followInstalls } from '../../src/compose/follow-installs.ts'
import type { Config } from '../../src/config.ts'
import { sampleInstall as install, sampleSender } from './install-sample.ts'

let dataDir: string
let config: Config
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qasid-follow-'))
  await mkdir(join(dataDir, 'installs'))
  config = { dataDir, key: Buffer.alloc(32, 1), secret: () => 'sesame' } as unknown as Config
})
afterEach(() => rm(dataDir, { recursive: true }))

const sampleInstall = {
  ...install,
  senders: [{ ...sampleSender, credentials: { ...sampleSender.credentials, webhookSecret: 'env:HOOK' } }],
}
const write = (changes: object = {}) =>
  writeFile(join(dataDir, 'installs', 'a.json'), JSON.stringify({ ...sampleInstall, ...changes }))

async function follow(start: () => Promise<() => Promise<void>>) {
  const errors: string[] = []
  const log = { info() {}, warn() {}, error: (what: string) => void errors.push(what) }
  return {
    stop: await followInstalls({ config, log, start, faults: () => findFaults(config), every: 10 }),
    errors,
  }
}

describe('a process that follows the installs', () => {
  it('stops and starts again when one comes, and then no more', async () => {
    const told: string[] = []
    const { stop } = await follow(async () => {
      told.push('start')
      return async () => void told.push('stop')
    })
    await write()
    await vi.waitFor(() => expect(told).toEqual(['start', 'stop', 'start']))
    await stop()
    expect(told).toEqual(['start', 'stop', 'start', 'stop'])
  })

  it('goes on as it is when a file is wrong, and says so once', async () => {
    let starts = 0
    const { stop, errors } = await follow(async () => {
      starts += 1
      return async () => {}
    })
    await write({ id: 'No Id' })
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    expect(errors[0]).toMatch(/^an install is not taken in: a\.json: id /)
    await write()
    await vi.waitFor(() => expect(starts).toBe(2))
    expect(errors).toHaveLength(1)
    await stop()
  })

  it('keeps all installs going when a sender of one names no provider that there is', async () => {
    const told: string[] = []
    const { stop, errors } = await follow(async () => {
      told.push('start')
      return async () => void told.push('stop')
    })
    await write({ senders: [{ ...sampleSender, provider: 'no-such' }] })
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0))
    expect(told).toEqual(['start'])
    await stop()
  })

  it('goes on with the new ones though the old did not end cleanly', async () => {
    let starts = 0
    const { stop } = await follow(async () => {
      starts += 1
      return starts === 1 ? () => Promise.reject(new Error('a connection hangs')) : async () => {}
    })
    await write()
    await vi.waitFor(() => expect(starts).toBe(2))
    await stop()
  })

  it('tries again when it could not start', async () => {
    let starts = 0
    const { stop, errors } = await follow(async () => {
      starts += 1
      if (starts === 2) throw new Error('the port is still taken')
      return async () => {}
    })
    await write()
    await vi.waitFor(() => expect(starts).toBe(3))
    expect(errors).toEqual(['the installs could not be taken in yet'])
    await stop()
  })

  it('does not begin at all when the first start fails', async () => {
    await expect(follow(() => Promise.reject(new Error('no Redis')))).rejects.toThrow('no Redis')
  })
})
