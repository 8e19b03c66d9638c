/** What the fake promises to flow tests beyond the port: see `test/contract/emr.ts` for the rest. */
import type { CommunicationRequest } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createMemoryEmr } from '../fakes/emr.ts'

const request: CommunicationRequest = { resourceType: 'CommunicationRequest', status: 'active' }

describe('the EMR in memory', () => {
  it('refuses to keep what has problems, and names them', async () => {
    const emr = createMemoryEmr({ validate: (resource) => ('status' in resource ? [] : ['status: missing']) })
    await expect(emr.create({ resourceType: 'Patient' })).rejects.toThrow(
      'Invalid Patient written:\nstatus: missing',
    )
    expect(emr.all('Patient')).toEqual([])
    expect((await emr.create(request)).created).toBe(true)
  })

  it('takes given facts as they are, and counts only what was written through the port', async () => {
    const emr = createMemoryEmr({ validate: () => ['nothing is good enough'] })
    emr.put({ resourceType: 'Patient', id: 'layla' })
    expect(await emr.read('Patient', 'layla')).toMatchObject({ id: 'layla' })
    expect(emr.writes).toBe(0)
  })

  it('counts writes and versions', async () => {
    const emr = createMemoryEmr()
    const { resource } = await emr.create(request)
    await emr.save({ ...resource, status: 'completed' })
    expect([emr.writes, emr.versions(`CommunicationRequest/${resource.id}`)]).toEqual([2, 2])
  })

  it('fails once when asked to, at the call that was named', async () => {
    const emr = createMemoryEmr()
    emr.failNext(new EmrError('down', { status: 500 }), { call: 'create', type: 'CommunicationRequest' })
    await emr.create({ resourceType: 'Patient' })
    await expect(emr.create(request)).rejects.toThrow('down')
    expect((await emr.create(request)).created).toBe(true)
  })

  it('does the work and loses the answer when asked to', async () => {
    const emr = createMemoryEmr()
    emr.failNext(new EmrError('cut off'), { call: 'create', afterwards: true })
    await expect(emr.create(request)).rejects.toThrow('cut off')
    expect(emr.all('CommunicationRequest')).toHaveLength(1)
  })

  it('gives no id that is taken', async () => {
    const emr = createMemoryEmr()
    emr.put({ ...request, id: 'communicationrequest-1' })
    await emr.create(request)
    expect(emr.all('CommunicationRequest')).toHaveLength(2)
  })

  it('refuses a search parameter that FHIR does not have', async () => {
    await expect(createMemoryEmr().search('Communication', { topic: 'x' })).rejects.toThrow(
      'no search parameter topic',
    )
  })

  it('gives copies, so that a change without a save changes nothing', async () => {
    const emr = createMemoryEmr()
    const { resource } = await emr.create(request)
    Object.assign(resource, { status: 'revoked' })
    expect(emr.all('CommunicationRequest')[0]?.status).toBe('active')
  })

  it('writes the time that it is given', async () => {
    const emr = createMemoryEmr({ now: () => instant(0) })
    expect((await emr.create(request)).resource.meta?.lastUpdated).toBe('1970-01-01T00:00:00.000Z')
  })
})
