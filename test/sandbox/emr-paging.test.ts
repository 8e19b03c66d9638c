import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { type Call, idsOf, nextOf, openEmr } from './emr-caller.ts'

const requests: FhirResource[] = Array.from({ length: 120 }, (_, index) => ({
  resourceType: 'CommunicationRequest',
  id: `r${String(index).padStart(3, '0')}`,
  status: 'active',
}))
const ids = requests.map(({ id }) => id)

async function readAll(call: Call, first: string, between?: (page: number) => Promise<unknown>) {
  const pages: string[][] = []
  for (let url: string | undefined = first; url; ) {
    const { body } = await call('GET', url)
    pages.push(idsOf(body))
    url = nextOf(body)
    await between?.(pages.length)
  }
  return pages
}

describe('a long search', () => {
  it('comes in pages of fifty with a total and links', async () => {
    const { emr, call } = await openEmr({ resources: requests })
    const { body } = await call('GET', '/CommunicationRequest?status=active')
    expect(body).toMatchObject({
      total: 120,
      link: [
        { relation: 'self', url: `${emr.fhirUrl}/CommunicationRequest?status=active` },
        { relation: 'next' },
      ],
    })
    const pages = await readAll(call, '/CommunicationRequest?status=active')
    expect(pages.map((page) => page.length)).toEqual([50, 50, 20])
    expect(pages.flat()).toEqual(ids)
  })

  it('keeps the page size, the order and the includes that were asked for', async () => {
    const { call } = await openEmr({
      resources: [
        { resourceType: 'Patient', id: 'p' },
        ...[1, 2, 3].map(
          (day): FhirResource => ({
            resourceType: 'Appointment',
            id: `a${day}`,
            status: 'booked',
            start: `2026-11-0${day}T00:00:00Z`,
            participant: [{ actor: { reference: 'Patient/p' }, status: 'accepted' }],
          }),
        ),
      ],
    })
    const pages = await readAll(call, '/Appointment?_sort=-date&_count=2&_include=Appointment:patient')
    expect(pages).toEqual([
      ['a3', 'a2', 'p'],
      ['a1', 'p'],
    ])
  })

  it('neither skips nor repeats when records change between two pages', async () => {
    const { call } = await openEmr({ resources: requests })
    const pages = await readAll(call, '/CommunicationRequest?status=active&_count=40', async (page) => {
      const id = `r00${page}`
      await call('PUT', `/CommunicationRequest/${id}`, {
        resourceType: 'CommunicationRequest',
        id,
        status: 'completed',
      })
      await call('POST', '/CommunicationRequest', { resourceType: 'CommunicationRequest', status: 'active' })
    })
    expect(pages.flat()).toEqual(ids)
  })

  it('gives only the number when that is all that was asked', async () => {
    const { call } = await openEmr({ resources: requests })
    for (const query of ['_summary=count', '_count=0']) {
      const { body } = await call('GET', `/CommunicationRequest?${query}`)
      expect([body.total, idsOf(body), nextOf(body)]).toEqual([120, [], undefined])
    }
    expect((await call('GET', '/CommunicationRequest?_total=none')).body).not.toHaveProperty('total')
  })

  it('forgets a cursor that nobody gave out', async () => {
    const { call } = await openEmr({ resources: requests })
    expect((await call('GET', '/CommunicationRequest?_cursor=made-up.50')).status).toBe(410)
    const next = nextOf((await call('GET', '/CommunicationRequest')).body) ?? ''
    expect((await call('GET', next.replace('/CommunicationRequest', '/Patient'))).status).toBe(400)
  })
})
