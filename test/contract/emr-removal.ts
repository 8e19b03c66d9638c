/** What every implementation of the `Emr` port agrees on about what is to be gone. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Emr } from '../../src/flows/ports.ts'
import { request } from './emr-samples.ts'

export function describeEmrRemoval(emr: () => Emr): void {
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
}
