import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import manifest from '../../plugin.manifest.json' with { type: 'json' }
import { notificationSecret } from '../../src/compose/deployment.ts'
import { readFeedWishes } from '../../src/compose/feed-wishes.ts'
import { pollEvery } from '../../src/domain/change-feed.ts'
import { feedOffers } from '../../src/domain/expected-rung.ts'
import { partitions } from '../../src/domain/partition.ts'
import { sweepWindows } from '../../src/domain/sweep-windows.ts'
import { after, day, instant, toDuration } from '../../src/domain/time.ts'
import { toCapabilities } from '../../src/emr/capabilities.ts'

const config = { baseUrl: 'https://qasid.example', key: Buffer.alloc(32, 7) }

describe('what an install wants to be told of', () => {
  it('is what the manifest says, each with an address and a secret of its own', async () => {
    const wishes = await readFeedWishes(config, 'clinic')
    expect(wishes.map(({ key, resource, below, hook }) => [key, resource, below, hook.endpoint])).toEqual([
      ['appointments', 'Appointment', 'window', 'https://qasid.example/notify/clinic/appointments'],
      ['requests', 'CommunicationRequest', 'off', 'https://qasid.example/notify/clinic/requests'],
      ['consents', 'Consent', 'poll', 'https://qasid.example/notify/clinic/consents'],
    ])
    expect(new Set(wishes.map(({ hook }) => hook.signingSecret)).size).toBe(3)
    expect(new Set(wishes.map(({ hook }) => hook.reason)).size).toBe(3)
  })

  it('carries a secret that no host cuts: it has no colon, blank or comma', () => {
    for (let index = 0; index < 200; index += 1)
      expect(notificationSecret(config, `clinic-${index}`, 'appointments')).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })
})

describe('what the manifest says of asking', () => {
  const [visits] = manifest.subscriptions
  it('is how often, how far and in which pieces we ask', () => {
    expect(toDuration(visits?.poll?.every ?? 'PT0M')).toBe(pollEvery('poll'))
    const now = instant(1_790_000_000_000)
    const windows = sweepWindows('ahead', { rules: [], zone: 'Asia/Dubai' }, now)
    expect(windows.at(-1)?.until).toBe(after(now, (visits?.poll?.windowDays ?? 0) * day))
    expect(['whole', ...(visits?.poll?.partitionBy ?? [])]).toEqual(partitions)
  })
})

describe('what a host offers', () => {
  const offersOf = (resource?: CapabilityStatementRestResource[]) => {
    const statement: CapabilityStatement = {
      ...{ resourceType: 'CapabilityStatement', status: 'active', date: '2026-11-20', kind: 'instance' },
      ...{ fhirVersion: '4.0.1', format: ['json'], rest: [{ mode: 'server', resource }] },
    }
    return feedOffers(toCapabilities(statement), 'Appointment')
  }

  it('is read from its CapabilityStatement', () => {
    const visits: CapabilityStatementRestResource = {
      type: 'Appointment',
      searchParam: [{ name: 'date', type: 'date' }],
    }
    expect(offersOf([visits])).toEqual({ takesSubscriptions: false, topics: [], searchParams: ['date'] })
    const hooks: CapabilityStatementRestResource = { type: 'Subscription', interaction: [{ code: 'create' }] }
    expect(offersOf([hooks])).toEqual({ takesSubscriptions: true, topics: [], searchParams: [] })
  })

  it('may be a Subscription where it says nothing at all', () => {
    expect(offersOf(undefined).takesSubscriptions).toBe(true)
  })
})
