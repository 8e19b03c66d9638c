/** Who is asked for what: the host for what is the host's, our server for what is ours, where the two stand apart. */
import type { Consent, FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { createOurPlace } from '../../smart-app/src/chart/chart-places.ts'
import { createChartReader } from '../../smart-app/src/chart/chart-reader.ts'
import { createFhirHost } from '../../smart-app/src/chart/fhir-host.ts'
import type { Address } from '../../src/domain/address.ts'
import { toConsent } from '../../src/fhir/consent.ts'
import { aRequest, now, patient } from './chart-sample.ts'

const base = 'https://emr.example/fhir'
const origin = 'https://qasid.example'

/** What each place answers by type; an error is a status. */
type Held = Record<string, FhirResource[] | number>

function chart(
  place: 'host' | 'gateway' | 'refused' | 'away',
  { host: atHost = {}, gateway: atGateway = {} }: { host?: Held; gateway?: Held } = {},
  mayReadOwn = true,
) {
  const asked: string[] = []
  const answer = (held: Held, url: string) => {
    const [, type = ''] = /\/(?:fhir|chart)\/([A-Za-z]+)/.exec(url) ?? []
    asked.push(`${url.startsWith(base) ? 'host' : 'gateway'} ${type}`)
    const found = held[type] ?? []
    if (typeof found === 'number') return new Response('', { status: found })
    if (!url.includes('?') && type !== 'CommunicationRequest') return new Response('bytes')
    return Response.json({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: found.map((resource) => ({ resource })),
    })
  }
  const host = createFhirHost({
    base,
    fetch: async (url) => answer(atHost, String(url)),
    authorization: async () => 'Bearer of-the-clinician',
  })
  const backend = {
    async chart() {
      if (place === 'away') throw new TypeError('Nobody answers')
      return place === 'refused' ? undefined : place
    },
    fetch: async (url: string, { headers }: RequestInit) => {
      expect(new Headers(headers).has('authorization')).toBe(false)
      return answer(atGateway, url)
    },
  }
  const ours = createOurPlace({ host, backend, origin })
  const clinic = { zones: {}, noConsent: 'block', senders: [] } as const
  const parts = { host, ours, patient, clinic: { ...clinic, senders: [] }, mayReadPlaces: false }
  return { asked, reader: createChartReader({ ...parts, mayReadOwn: () => mayReadOwn }) }
}

function consent(id: string, type: 'permit' | 'deny'): Consent {
  const record = { purposes: [], exceptions: [], period: {}, byStop: false, decidedAt: now, active: true }
  const to = { patient, channel: 'sms', address: '+15550100011' as Address } as const
  return { id, ...toConsent({ ...record, ...to, type, policy: 'https://clinic.example/wording' }) }
}

describe('beside the host', () => {
  it('what is ours is read from our server, and all else from the host', async () => {
    const { reader, asked } = chart('gateway', {}, false)
    await reader.messages()
    await reader.requests()
    await reader.consents()
    await reader.hostOptOuts()
    await reader.message('Communication/1').catch(() => undefined)
    await reader.file('Binary/1')
    await reader.comingVisits(now)
    await reader.documents()
    expect(asked).toEqual([
      ...['gateway Communication', 'gateway CommunicationRequest', 'gateway Consent'],
      ...['gateway CommunicationRequest', 'gateway Communication', 'gateway Binary'],
      ...['host Appointment', 'host DocumentReference'],
    ])
  })

  it('a message is written through our server', async () => {
    const { reader, asked } = chart('gateway')
    await reader.saveRequest(aRequest({ reference: undefined })).catch(() => undefined)
    expect(asked).toEqual(['gateway CommunicationRequest'])
  })

  it('the EMR’s own consents stand beside ours, and say that they are the EMR’s', async () => {
    const both = { host: { Consent: [consent('1', 'deny')] }, gateway: { Consent: [consent('1', 'permit')] } }
    const { reader } = chart('gateway', both)
    const found = await reader.consents()
    expect(found.map(({ type, atHost }) => [type, atHost])).toEqual([
      ['permit', undefined],
      ['deny', true],
    ])
  })

  it('the EMR’s own “do not contact” is seen', async () => {
    const forbids: FhirResource = {
      ...{ resourceType: 'CommunicationRequest', status: 'active', doNotPerform: true },
      subject: { reference: patient },
    }
    const { reader } = chart('gateway', { host: { CommunicationRequest: [forbids] } })
    expect(await reader.hostOptOuts()).toEqual(['sms', 'whatsapp', 'email'])
  })

  it.each([403, 404])('an EMR that answers %i has no consents of its own', async (status) => {
    const held = { host: { Consent: status }, gateway: { Consent: [consent('1', 'permit')] } }
    expect(await chart('gateway', held).reader.consents()).toHaveLength(1)
  })

  it('an EMR that is away leaves the consents unread', async () => {
    await expect(chart('gateway', { host: { Consent: 503 } }).reader.consents()).rejects.toThrow()
  })
})

describe.each(['host', 'refused', 'away'] as const)('where our server says %s', (place) => {
  it('all is read from the host, and once', async () => {
    const { reader, asked } = chart(place)
    await reader.messages()
    await reader.consents()
    await reader.file('Binary/1')
    expect(asked).toEqual(['host Communication', 'host Consent', 'host Binary'])
  })
})
