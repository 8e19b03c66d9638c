/** What every implementation of the `Emr` port agrees on about files. */
import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bytesOf, toBinary } from '../../src/fhir/binary.ts'
import type { Emr } from '../../src/flows/ports.ts'
import { person } from './emr-samples.ts'

export function describeEmrBinary(emr: () => Emr, remove: (reference: string) => Promise<void>): void {
  describe('openBinary', () => {
    /** The reference of a new file. */
    async function keep(bytes: Uint8Array, contentType = 'application/pdf'): Promise<string> {
      const { resource } = await emr().create(toBinary(contentType, bytes, await person(emr())))
      return `Binary/${resource.id}`
    }

    it('gives the bytes that were written, with their type and size', async () => {
      const bytes = new Uint8Array(randomBytes(300_000))
      const opened = await emr().openBinary(await keep(bytes))
      expect(opened?.contentType).toBe('application/pdf')
      expect(opened?.size).toBe(bytes.length)
      expect(opened && Buffer.from(await bytesOf(opened.stream, 1_000_000)).equals(bytes)).toBe(true)
    })

    it('gives them to several at once, each from the beginning', async () => {
      const reference = await keep(new TextEncoder().encode('once'))
      const opened = await Promise.all([emr().openBinary(reference), emr().openBinary(reference)])
      const texts = opened.map(
        (one) => one && bytesOf(one.stream, 99).then((bytes) => Buffer.from(bytes).toString()),
      )
      expect(await Promise.all(texts)).toEqual(['once', 'once'])
    })

    it('leaves a file that is JSON of its own as it is', async () => {
      const text = '{"resourceType":"Bundle","type":"collection"}'
      const opened = await emr().openBinary(await keep(new TextEncoder().encode(text), 'application/json'))
      expect(opened && Buffer.from(await bytesOf(opened.stream, 999)).toString()).toBe(text)
    })

    it('can be left half read', async () => {
      const reference = await keep(new Uint8Array(200_000))
      const opened = await emr().openBinary(reference)
      const reader = opened?.stream.getReader()
      expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
      await reader?.cancel()
      expect((await emr().openBinary(reference))?.contentType).toBe('application/pdf')
    })

    it('gives nothing for what never was, or is gone', async () => {
      const reference = await keep(new Uint8Array(3))
      await remove(reference)
      expect(await emr().openBinary(reference)).toBeUndefined()
      expect(await emr().openBinary(`Binary/${randomUUID()}`)).toBeUndefined()
    })

    it.each([
      'Binary/..',
      'Binary/',
      'Binary/a/b',
      'Binary/a?b',
      '/Binary/a',
      'https://evil.example/Binary/a',
    ])('gives nothing for %j, which is no file', async (reference) => {
      expect(await emr().openBinary(reference)).toBeUndefined()
    })

    it('is whole in its FHIR form too', async () => {
      const reference = await keep(new TextEncoder().encode('as FHIR'), 'text/plain')
      const held = await emr().read('Binary', reference.slice('Binary/'.length))
      expect(held).toMatchObject({ contentType: 'text/plain', data: btoa('as FHIR') })
    })
  })
}
