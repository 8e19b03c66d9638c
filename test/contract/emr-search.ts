/** The searches of the `Emr` contract, `emr.ts`. */
import { randomUUID } from 'node:crypto'
import type { CommunicationRequest } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { Emr } from '../../src/flows/ports.ts'
import { person, request, system, visit } from './emr-samples.ts'

/** `emr` gives the one under test, once it is made. */
export function describeEmrSearch(emr: () => Emr): void {
  describe('search', () => {
    it('reads every page', async () => {
      const subject = { reference: await person(emr()) }
      await Promise.all(Array.from({ length: 130 }, () => emr().create(request(randomUUID(), { subject }))))
      const all = await emr().search('CommunicationRequest', { subject: subject.reference, _count: '50' })
      expect(new Set(all.map((one) => one.id)).size).toBe(130)
      expect(await emr().search('CommunicationRequest', { subject: subject.reference })).toHaveLength(130)
    })

    it('stops at the limit', async () => {
      const subject = { reference: await person(emr()) }
      await Promise.all(Array.from({ length: 7 }, () => emr().create(request(randomUUID(), { subject }))))
      const search = (limit: number, count: string) =>
        emr().search('CommunicationRequest', { subject: subject.reference, _count: count }, { limit })
      expect(await search(5, '2')).toHaveLength(5)
      expect(await search(3, '50')).toHaveLength(3)
      expect(await search(10, '5')).toHaveLength(7)
    })

    it('finds nothing without complaint', async () => {
      expect(await emr().search('Patient', { identifier: `${system}|${randomUUID()}` })).toEqual([])
    })

    it('reads a comma as OR and a repeated parameter as AND', async () => {
      const subject = { reference: await person(emr()) }
      const keep = async (status: CommunicationRequest['status'], occurrenceDateTime: string) =>
        (await emr().create(request(randomUUID(), { subject, status, occurrenceDateTime }))).resource.id
      const early = await keep('active', '2026-11-20T08:00:00Z')
      const middle = await keep('on-hold', '2026-11-20T13:00:00+03:00')
      await keep('revoked', '2026-11-20T11:00:00Z')
      await keep('active', '2026-11-20T12:00:00Z')
      const found = await emr().search('CommunicationRequest', {
        subject: subject.reference,
        status: 'active,on-hold',
        occurrence: ['ge2026-11-20T08:00:00Z', 'lt2026-11-20T12:00:00Z'],
      })
      expect(found.map((one) => one.id).sort()).toEqual([early, middle].sort())
    })

    it('finds what is due at this very instant, and not before', async () => {
      const subject = { reference: await person(emr()) }
      await emr().create(request(randomUUID(), { subject, occurrenceDateTime: '2026-11-20T10:00:00+03:00' }))
      const due = (at: string) =>
        emr().search('CommunicationRequest', { subject: subject.reference, occurrence: `le${at}` })
      // To the second, as the resource is: whether .000 includes the whole second, servers see differently.
      expect(await due('2026-11-20T07:00:00Z')).toHaveLength(1)
      expect(await due('2026-11-20T06:59:59Z')).toHaveLength(0)
    })

    it('sorts by time, both ways', async () => {
      const subject = { reference: await person(emr()) }
      for (const occurrenceDateTime of [
        '2026-11-20T09:00:00Z',
        '2026-11-20T11:00:00+03:00',
        '2026-11-20T10:00:00Z',
      ])
        await emr().create(request(randomUUID(), { subject, occurrenceDateTime }))
      const hours = async (_sort: string) =>
        (await emr().search('CommunicationRequest', { subject: subject.reference, _sort, _count: '2' })).map(
          (one) => new Date(one.occurrenceDateTime ?? '').getUTCHours(),
        )
      expect(await hours('occurrence')).toEqual([8, 9, 10])
      expect(await hours('-occurrence')).toEqual([10, 9, 8])
    })

    it('tells what was changed after a moment, at it, and in that order', async () => {
      const subject = { reference: await person(emr()) }
      const keep = () => emr().create(request(randomUUID(), { subject }))
      await Promise.all([keep(), keep(), keep()])
      for (let nth = 0; nth < 4; nth += 1) await keep()
      const search = async (wanted: Record<string, string | string[]>) =>
        (await emr().search('CommunicationRequest', { subject: subject.reference, ...wanted })).map(
          ({ meta }) => meta?.lastUpdated ?? '',
        )
      const all = await search({ _sort: '_lastUpdated', _count: '3' })
      expect(all).toEqual(all.toSorted())
      for (const moment of all) {
        expect(await search({ _sort: '_lastUpdated', _lastUpdated: `gt${moment}` })).toEqual(
          all.filter((one) => one > moment),
        )
        expect(await search({ _lastUpdated: [`ge${moment}`, `le${moment}`] })).toEqual(
          all.filter((one) => one === moment),
        )
      }
    })

    it('finds a visit by its patient, in a window of time', async () => {
      const patient = await person(emr())
      const { resource } = await emr().create(
        visit({ participant: [{ actor: { reference: patient }, status: 'accepted' }] }),
      )
      const between = (from: string, until: string) =>
        emr().search('Appointment', { patient, date: [`ge${from}`, `lt${until}`], status: 'booked' })
      expect(await between('2026-11-20T07:00:00Z', '2026-11-20T08:00:00Z')).toEqual([resource])
      expect(await between('2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z')).toEqual([])
    })

    it('finds requests by the visit that they belong to', async () => {
      const { resource } = await emr().create(visit())
      const basedOn = [{ reference: `Appointment/${resource.id}` }]
      const { resource: reminder } = await emr().create(request(randomUUID(), { basedOn }))
      expect(
        await emr().search('CommunicationRequest', { 'based-on': `Appointment/${resource.id}` }),
      ).toEqual([reminder])
    })

    it('finds several by their ids', async () => {
      const ids = [await person(emr()), await person(emr())].map((reference) =>
        reference.slice('Patient/'.length),
      )
      const found = await emr().search('Patient', { _id: ids.join(',') })
      expect(found.map((one) => one.id).sort()).toEqual(ids.sort())
    })

    it('finds people by the number or mailbox in their chart', async () => {
      const number = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`
      const mailbox = `${randomUUID()}@patients.example`
      const found = await person(emr(), {
        telecom: [
          { system: 'phone', value: number },
          { system: 'email', value: mailbox },
        ],
      })
      const by = async (parameters: Record<string, string>) =>
        (await emr().search('Patient', parameters)).map((one) => `Patient/${one.id}`)
      expect(await by({ telecom: number })).toEqual([found])
      expect(await by({ phone: `+15550000000,${number}` })).toEqual([found])
      expect(await by({ telecom: mailbox })).toEqual([found])
    })

    it('finds what changed since', async () => {
      const subject = { reference: await person(emr()) }
      const { resource } = await emr().create(request(randomUUID(), { subject }))
      const since = (at: string) =>
        emr().search('CommunicationRequest', { subject: subject.reference, _lastUpdated: `ge${at}` })
      expect(await since(resource.meta?.lastUpdated ?? '')).toEqual([resource])
      expect(await since('2099-01-01T00:00:00Z')).toEqual([])
    })

    it('matches an identifier by system and value together', async () => {
      const value = randomUUID()
      const { resource } = await emr().create(request(value))
      expect(await emr().search('CommunicationRequest', { identifier: `${system}|${value}` })).toEqual([
        resource,
      ])
      expect(await emr().search('CommunicationRequest', { identifier: `${system}/other|${value}` })).toEqual(
        [],
      )
    })

    it('matches a canonical URL whole', async () => {
      const url = `https://example.org/ActivityDefinition/${randomUUID()}`
      await emr().create({ resourceType: 'ActivityDefinition', status: 'active', url: `${url}-longer` })
      const { resource } = await emr().create({ resourceType: 'ActivityDefinition', status: 'active', url })
      expect(await emr().search('ActivityDefinition', { url })).toEqual([resource])
    })

    it('finds by a tag', async () => {
      const code = randomUUID()
      const { resource } = await emr().create(request(randomUUID(), { meta: { tag: [{ system, code }] } }))
      expect(await emr().search('CommunicationRequest', { _tag: `${system}|${code}` })).toEqual([resource])
    })
  })
}
