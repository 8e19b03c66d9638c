import type { Appointment, Subscription } from 'fhir/r4'
import { describe, expect, it, vi } from 'vitest'
import { preparation } from '../../src/compose/preparation.ts'
import { after, day, toIso } from '../../src/domain/time.ts'
import { clinicSettings, createWorld, startOfDay } from '../fakes/world.ts'

const config = { baseUrl: 'https://qasid.example', key: Buffer.alloc(32, 1) }
const visit: Appointment = {
  resourceType: 'Appointment',
  id: 'v1',
  status: 'booked',
  start: toIso(after(startOfDay, day)),
  participant: [{ status: 'accepted' }],
}

async function start() {
  const { world, emr, jobs } = await createWorld()
  emr.put(visit)
  const isReady = vi.fn()
  const prepare = preparation(config, { file: { id: 'clinic', settings: clinicSettings }, world }, isReady)
  const hostSays = (status: Subscription['status']) => {
    for (const one of emr.all('Subscription')) emr.put({ ...one, status })
  }
  return { prepare, isReady, emr, hostSays, swept: () => jobs.take().map(({ kind }) => kind) }
}

describe('a worker', () => {
  it('is not ready while the host has only taken its Subscription', async () => {
    const { prepare, isReady, emr } = await start()
    expect(await prepare()).toBe(false)
    expect(await prepare()).toBe(false)
    const states = emr.all('Subscription').map(({ status }) => status)
    expect(new Set(states)).toEqual(new Set(['requested']))
    expect(isReady).not.toHaveBeenCalled()
  })

  it('is ready once the Subscription is active, and looks up once what happened before', async () => {
    const { prepare, isReady, hostSays, swept } = await start()
    await prepare()
    hostSays('active')
    expect(await prepare()).toBe(true)
    expect(isReady).toHaveBeenCalledOnce()
    expect(swept()).toEqual(['plan'])
    expect(await prepare()).toBe(true)
    expect(swept()).toEqual([])
  })

  it('looks up what happened while the host had given up on the Subscription', async () => {
    const { prepare, hostSays, swept } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    swept()
    hostSays('off')
    expect(await prepare()).toBe(false)
    expect(swept()).toEqual([])
    hostSays('active')
    expect(await prepare()).toBe(true)
    expect(swept()).toEqual(['plan'])
  })

  it('is not ready while the host is away', async () => {
    const { prepare, isReady, emr } = await start()
    vi.spyOn(emr, 'search').mockRejectedValueOnce(new Error('away'))
    await expect(prepare()).rejects.toThrow('away')
    expect(isReady).not.toHaveBeenCalled()
  })
})
