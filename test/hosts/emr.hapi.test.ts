/** HAPI's JPA server as a store: the `Emr` contract in the ways in which we ask it, and what it says of itself. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { readCapabilities } from '../../src/emr/capabilities.ts'
import { createEmr, type EmrWishes } from '../../src/emr/fhir-server.ts'
import { describeEmr } from '../contract/emr.ts'
import { request, system } from '../contract/emr-samples.ts'
import { describeOnHapi } from './hapi/hapi-under-test.ts'

const now = () => instant(Date.now())

/** Not "without conditions": HAPI keeps to them, and that way promises less. */
const ways: [string, Partial<EmrWishes>][] = [
  ['one request at a time', {}],
  ['in batches', { batch: { most: 20, atOnce: 1 } }],
]

describeOnHapi('a store on HAPI', (hapi) => {
  for (const [how, wishes] of ways)
    describeEmr(`the FHIR client, in front of HAPI, ${how}`, async () => {
      const { fhirBase } = hapi()
      return {
        emr: createEmr({ baseUrl: fhirBase }, { now, ...wishes }),
        remove: async (reference) => void (await fetch(`${fhirBase}/${reference}`, { method: 'DELETE' })),
        stop: async () => {},
      }
    })

  it('says that it can hold all that we write', async () => {
    const capabilities = await readCapabilities({ baseUrl: hapi().fhirBase })
    expect(capabilities).toMatchObject({
      fhirVersion: '4.0.1',
      software: expect.stringMatching(/^HAPI FHIR Server 8\./),
      subscriptionsStartAs: 'requested',
      batch: true,
      transaction: true,
    })
    expect(capabilities.resources.get('Communication')?.conditionalCreate).toBe(true)
  })

  it('keeps records about the patients of another server, and finds them by their whole address', async () => {
    const emr = createEmr({ baseUrl: hapi().fhirBase })
    const reference = `http://localhost:1/fhir/Patient/${randomUUID()}`
    const { resource } = await emr.create({
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference },
    })
    expect(resource.subject).toEqual({ reference })
    expect(await emr.search('Communication', { patient: reference })).toEqual([resource])
    expect(await emr.search('Communication', { subject: reference })).toEqual([resource])
    const own = reference.slice('http://localhost:1/fhir/'.length)
    expect(await emr.search('Communication', { subject: own })).toEqual([])
  })

  it.each(
    ways,
  )('finds at once what was just written, though it keeps answers for a minute: %s', async (_how, wishes) => {
    const emr = createEmr({ baseUrl: hapi().fhirBase }, { now, ...wishes })
    const values = [randomUUID(), randomUUID(), randomUUID()]
    // At the same time, so that they can go as one batch.
    const find = async () => {
      const search = (value: string) =>
        emr.search('CommunicationRequest', { identifier: `${system}|${value}` })
      return (await Promise.all(values.map(search))).map(({ length }) => length)
    }
    expect(await find()).toEqual([0, 0, 0])
    for (const value of values) await emr.create(request(value))
    expect(await find()).toEqual([1, 1, 1])
  })

  it('refuses a reference to a patient of its own whom it does not hold', async () => {
    const emr = createEmr({ baseUrl: hapi().fhirBase })
    const subject = { reference: `Patient/none-${randomUUID()}` }
    await expect(emr.create(request(randomUUID(), { subject }))).rejects.toMatchObject({ status: 400 })
  })
})
