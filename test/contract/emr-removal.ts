/** What every implementation of the `Emr` port agrees on about what is to be gone. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { notRedacted, withoutLabel } from '../../src/fhir/redaction.ts'
import type { Emr } from '../../src/flows/ports.ts'
import { request, system } from './emr-samples.ts'

const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'REDACTED' }

export function describeEmrRemoval(emr: () => Emr): void {
  describe('what was emptied', () => {
    it('is left out by its label, and the oldest of the others is found first', async () => {
      const occurrences = ['2026-03-02', '2026-03-01', '2026-02-01'].map((date) => `${date}T08:00:00Z`)
      const value = randomUUID()
      const made: string[] = []
      for (const [index, occurrenceDateTime] of occurrences.entries()) {
        const meta = index === 2 ? { security: [label] } : {}
        const { resource } = await emr().create(request(value, { occurrenceDateTime, meta }))
        made.push(resource.id)
      }
      const wanted = { identifier: `${system}|${value}`, occurrence: 'lt2026-03-03T00:00:00Z' }
      const found = await emr().search('CommunicationRequest', {
        ...{ ...wanted, ...notRedacted, _sort: 'occurrence' },
      })
      expect(found.map(({ id }) => id)).toEqual([made[1], made[0]])
      expect(await emr().search('CommunicationRequest', wanted)).toHaveLength(3)
    })

    it('bears no label once that was taken off, and keeps its other marks', async () => {
      const tag = { system, code: randomUUID() }
      const meta = { security: [label], tag: [tag] }
      const { resource } = await emr().create(request(randomUUID(), { meta }))
      await emr().save({ ...resource, status: 'on-hold', meta: withoutLabel(resource.meta) })
      const held = await emr().read('CommunicationRequest', resource.id)
      expect(held?.meta?.security ?? []).toEqual([])
      expect(held?.meta?.tag).toEqual([tag])
      const found = await emr().search('CommunicationRequest', {
        ...{ ...notRedacted, _tag: `${system}|${tag.code}` },
      })
      expect(found).toHaveLength(1)
    })
  })

  describe('removeVersions', () => {
    it('leaves the newest as it is, to be read and changed', async () => {
      const { resource } = await emr().create(request(randomUUID()))
      const saved = await emr().save({ ...resource, status: 'completed' })
      expect(await emr().removeVersions(`CommunicationRequest/${saved.id}`)).toBe(true)
      expect(await emr().read('CommunicationRequest', saved.id)).toEqual(saved)
      const again = await emr().save({ ...saved, status: 'revoked' })
      expect(again.meta?.versionId).not.toBe(saved.meta?.versionId)
      expect(again.meta?.versionId).not.toBe(resource.meta?.versionId)
    })

    it('is content where there is but one', async () => {
      const { resource } = await emr().create(request(randomUUID()))
      const reference = `CommunicationRequest/${resource.id}`
      await emr().removeVersions(reference)
      expect(await emr().removeVersions(reference)).toBe(true)
      expect(await emr().read('CommunicationRequest', resource.id)).toEqual(resource)
    })
  })

  describe('remove', () => {
    it('makes it gone, for reads and for searches', async () => {
      const value = randomUUID()
      const { resource } = await emr().create(request(value))
      expect(await emr().remove(`CommunicationRequest/${resource.id}`)).toBe(true)
      expect(await emr().read('CommunicationRequest', resource.id)).toBeUndefined()
      expect(emr().recall('CommunicationRequest', resource.id)?.id ?? 'none').not.toBe(resource.id)
      expect(await emr().search('CommunicationRequest', { identifier: `${system}|${value}` })).toEqual([])
    })

    it('is content where it is gone, or never was', async () => {
      const { resource } = await emr().create(request(randomUUID()))
      const reference = `CommunicationRequest/${resource.id}`
      await emr().remove(reference)
      expect(await emr().remove(reference)).toBe(true)
      expect(await emr().remove(`Patient/${randomUUID()}`)).toBe(true)
    })

    it('leaves others as they are', async () => {
      const [one, other] = [await emr().create(request('same')), await emr().create(request('same'))]
      await emr().remove(`CommunicationRequest/${one.resource.id}`)
      expect(await emr().read('CommunicationRequest', other.resource.id)).toEqual(other.resource)
    })

    it.each([
      'CommunicationRequest/',
      'CommunicationRequest/..',
      '/x',
      '',
    ])('refuses %j, which is no reference', async (text) => {
      await expect(emr().remove(text as never)).rejects.toThrow('no reference')
    })
  })
}
