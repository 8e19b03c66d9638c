/**
 * What every implementation of the `Emr` port agrees on. The server may hold other people's records already: a case
 * looks only for what it wrote itself, by a tag of its own.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConflictError, type Emr, EmrError } from '../../src/flows/ports.ts'
import { describeEmrBinary } from './emr-binary.ts'
import { describeEmrRemoval } from './emr-removal.ts'
import { person, request, system } from './emr-samples.ts'
import { describeEmrSearch } from './emr-search.ts'

export interface EmrUnderTest {
  emr: Emr
  /** Deletes on the server, as the EMR's own staff would. */
  remove(reference: string): Promise<void>
  stop(): Promise<void>
}

export function describeEmr(name: string, makeEmr: () => Promise<EmrUnderTest>): void {
  describe(`Emr port: ${name}`, () => {
    let made: EmrUnderTest
    let emr: Emr
    beforeAll(async () => {
      made = await makeEmr()
      emr = made.emr
    }, 30_000)
    afterAll(() => made.stop())

    describe('read', () => {
      it('gives what was written, with an id and a version', async () => {
        const { resource } = await emr.create(request(randomUUID()))
        expect(resource.meta?.versionId).toBeTruthy()
        expect(await emr.read('CommunicationRequest', resource.id)).toEqual(resource)
      })

      it('gives nothing for an id that never was', async () => {
        expect(await emr.read('Patient', `none-${randomUUID()}`.slice(0, 40))).toBeUndefined()
      })

      it('gives nothing for what is gone', async () => {
        const reference = await person(emr)
        await made.remove(reference)
        expect(await emr.read('Patient', reference.slice('Patient/'.length))).toBeUndefined()
      })

      it.each([
        '',
        '.',
        '..',
        'a/b',
        'a?b=c',
        'x'.repeat(65),
      ])('gives nothing for %j, which is no id', async (id) => {
        expect(await emr.read('Patient', id)).toBeUndefined()
      })
    })

    describe('create', () => {
      it('makes a new resource each time when no identifier is given', async () => {
        const first = await emr.create(request('plain'))
        const second = await emr.create(request('plain'))
        expect([first.created, second.created]).toEqual([true, true])
        expect(second.resource.id).not.toBe(first.resource.id)
      })

      it('gives back the first one when the identifier is taken', async () => {
        const value = randomUUID()
        const first = await emr.create(request(value), { system, value })
        const second = await emr.create(request(value, { status: 'draft' }), { system, value })
        expect(first.created).toBe(true)
        expect(second).toEqual({ created: false, resource: first.resource })
      })

      it('gives back the oldest when several carry the identifier', async () => {
        const value = randomUUID()
        const made = [await emr.create(request(value)), await emr.create(request(value))]
        const ageOf = ({ resource }: (typeof made)[number]) => `${resource.meta?.lastUpdated} ${resource.id}`
        const [oldest] = made.toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1))
        expect(await emr.create(request(value), { system, value })).toEqual({
          created: false,
          resource: oldest?.resource,
        })
      })

      it('makes exactly one of twenty at the same time', async () => {
        const value = randomUUID()
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => emr.create(request(value), { system, value })),
        )
        expect(answers.filter((answer) => answer.created)).toHaveLength(1)
        expect(new Set(answers.map((answer) => answer.resource.id)).size).toBe(1)
        expect(await emr.search('CommunicationRequest', { identifier: `${system}|${value}` })).toHaveLength(1)
      })

      it('takes identifiers with characters that a URL would change', async () => {
        const value = `sms:+15550100001 ${randomUUID()}&a=b#c`
        await emr.create(request(value), { system, value })
        expect((await emr.create(request(value), { system, value })).created).toBe(false)
      })

      it('does not take an identifier of another system for the same one', async () => {
        const value = randomUUID()
        await emr.create(request(value), { system, value })
        const other = { system: `${system}/other`, value }
        expect((await emr.create(request(value, { identifier: [other] }), other)).created).toBe(true)
      })
    })

    describe('save', () => {
      it('makes a new version', async () => {
        const { resource } = await emr.create(request(randomUUID()))
        const saved = await emr.save({ ...resource, status: 'completed' })
        expect(saved.status).toBe('completed')
        expect(saved.meta?.versionId).not.toBe(resource.meta?.versionId)
        expect(await emr.read('CommunicationRequest', resource.id)).toEqual(saved)
      })

      it('refuses when someone was faster', async () => {
        const { resource } = await emr.create(request(randomUUID()))
        await emr.save({ ...resource, status: 'completed' })
        await expect(emr.save({ ...resource, status: 'revoked' })).rejects.toThrow(ConflictError)
        expect((await emr.read('CommunicationRequest', resource.id))?.status).toBe('completed')
      })

      it('lets one of two win', async () => {
        const { resource } = await emr.create(request(randomUUID()))
        const ends = await Promise.allSettled([
          emr.save({ ...resource, status: 'completed' }),
          emr.save({ ...resource, status: 'revoked' }),
        ])
        expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1)
      })

      it('refuses a resource that names no version', async () => {
        const { resource } = await emr.create(request(randomUUID()))
        await expect(emr.save({ ...resource, meta: {} })).rejects.toThrow(EmrError)
      })

      it('refuses what was never there', async () => {
        const unheard = { ...request('x'), id: randomUUID(), meta: { versionId: '1' } }
        await expect(emr.save(unheard)).rejects.toThrow(EmrError)
      })
    })

    describeEmrRemoval(() => emr)
    describeEmrSearch(() => emr)
    describeEmrBinary(
      () => emr,
      (reference) => made.remove(reference),
    )
  })
}
