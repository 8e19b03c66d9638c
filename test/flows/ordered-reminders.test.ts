import { describe, expect, it } from 'vitest'
import { after, hour } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { visit } from './chart.ts'
import { addPatient, addPatients, orderIn, reminder, requestsIn } from './ordering.ts'

async function clinic(): Promise<FakeWorld> {
  const world = await createWorld()
  addPatients(world)
  return world
}

describe('a reminder that a script orders', () => {
  it('is a reminder, whatever it is called: a cancelled visit is not told of', async () => {
    const world = await clinic()
    world.emr.put(visit(after(world.now(), 30 * hour), { status: 'cancelled' }))
    const written = await orderIn(world, { ...reminder, category: 'conversation' })
    expect(written).toMatchObject({ kind: 'refused' })
    expect(requestsIn(world)).toEqual([])
  })

  it('is of no use once its visit has begun, whatever was asked for', async () => {
    const world = await clinic()
    const start = after(world.now(), 30 * hour)
    world.emr.put(visit(start))
    await orderIn(world, { ...reminder, until: after(start, 48 * hour) })
    expect(requestsIn(world)).toMatchObject([{ category: 'reminder', window: { until: start } }])
    const late = { ...reminder, at: after(start, hour), until: after(start, 3 * hour) }
    expect(await orderIn(world, { ...late, call: { key: 'k2', body: 'b2' } })).toMatchObject({
      kind: 'refused',
    })
  })
})

describe('an order that died between two writes', () => {
  it('tells what it has written, also when the rest can no longer be found', async () => {
    const world = await clinic()
    const to = ['Patient/sara', '+971507654321']
    const { create } = world.emr
    world.emr.create = async (resource, identifier) => {
      if (requestsIn(world).length > 0) throw new EmrError('the store went away')
      return create(resource, identifier)
    }
    await expect(orderIn(world, { to })).rejects.toThrow('the store went away')
    world.emr.create = create
    // Since then a second chart has the number.
    addPatient(world, 'twin', '+971507654321')
    const again = await orderIn(world, { to })
    expect(again).toMatchObject({ kind: 'written', isNew: false, messages: [{ patient: 'Patient/sara' }] })
    expect(requestsIn(world)).toHaveLength(1)
  })
})
