/** Several who do the same work at once, or again, are as good as one. */
import { describe, expect, it } from 'vitest'
import { after, day, hour, minute } from '../../src/domain/time.ts'
import { dispatchDue } from '../../src/flows/dispatch-due.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { attempts, clinic, visit } from './chart.ts'

describe('two ticks over one window', () => {
  it('send once', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 24 * hour)))
    await runJob(world.world, { kind: 'plan', visit: 'Appointment/visit' })
    world.wipeQueue()
    // Each of the two finds it, and two workers take what each of them added.
    await Promise.all([dispatchDue(world.world), dispatchDue(world.world)])
    for (const kind of ['dispatch', 'send']) {
      const jobs = world.jobs.take()
      expect(jobs.map((job) => job.kind)).toEqual([kind])
      await Promise.all([...jobs, ...jobs].map((job) => runJob(world.world, job)))
      await Promise.all([dispatchDue(world.world), dispatchDue(world.world)])
      if (kind === 'dispatch') expect(world.jobs.pending()).toHaveLength(1)
    }
    for (let tick = 0; tick < 3; tick += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toHaveLength(1)
  })

  it('send once although two workers make the same call ready at the same time', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 24 * hour)))
    await runJob(world.world, { kind: 'plan', visit: 'Appointment/visit' })
    for (const job of world.jobs.take()) await runJob(world.world, job)
    const sends = world.jobs.take()
    expect(sends.map(({ kind }) => kind)).toEqual(['send'])
    await Promise.all([...sends, ...sends, ...sends].map((job) => runJob(world.world, job)))
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

it('Recurring visits of one patient are each reminded', async () => {
  const world = await clinic('sms')
  for (const [week, id] of ['first', 'second', 'third'].entries())
    world.emr.put(visit(after(world.now(), (3 + 7 * week) * day), { id }))
  await sweep(world.world, 'ahead')
  await world.settle()
  for (let passed = 0; passed < 18; passed += 1) await world.pass(day)
  const visits = attempts(world).flatMap(({ visit: of, state }) => (state === 'queued' ? [of] : []))
  expect(new Set(visits)).toEqual(new Set(['Appointment/first', 'Appointment/second', 'Appointment/third']))
})
