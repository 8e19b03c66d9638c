/** A clinic of four people on a plain in-memory repository, and an EMR of just the SMART server and the pages over it. */
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { FhirResource } from 'fhir/r4'
import { createCdsClient } from '../../sandbox/emr/cds/cds-client.ts'
import { createPages } from '../../sandbox/emr/pages/pages.ts'
import type {
  Repository,
  ResourceOf,
  ResourceType,
  SearchParams,
  Stored,
} from '../../sandbox/emr/repository.ts'
import { createSmartServer, type SmartServer } from '../../sandbox/emr/smart/smart-server.ts'
import { extension, naming } from '../../src/fhir/codes.ts'

export const clinic: Stored<FhirResource>[] = [
  location('dubai', 'Creek House', 'Asia/Dubai'),
  location('london', 'Bridge House', 'Europe/London'),
  {
    resourceType: 'Practitioner',
    id: 'saleh',
    name: [{ prefix: ['Dr'], given: ['Noura'], family: 'Saleh' }],
  },
  { resourceType: 'Practitioner', id: 'okoro', name: [{ text: 'Dr Daniel Okoro' }] },
  {
    resourceType: 'Patient',
    id: 'amal',
    name: [{ text: 'Amal <b>Test</b>' }],
    birthDate: '1980-11-21',
    communication: [{ language: { coding: [{ code: 'ar' }] } }],
    telecom: [{ system: 'phone', use: 'mobile', value: '+971500000101' }],
  },
  { resourceType: 'Patient', id: 'bob', name: [{ text: 'Bob Sample' }] },
  {
    resourceType: 'Consent',
    id: 'permit',
    status: 'active',
    scope: {},
    category: [],
    patient: { reference: 'Patient/amal' },
    identifier: [{ system: naming.consentAddress, value: 'sms:+971500000101' }],
    provision: { type: 'permit' },
  },
]

function location(id: string, name: string, zone: string): Stored<FhirResource> {
  return { resourceType: 'Location', id, name, extension: [{ url: extension.timezone, valueCode: zone }] }
}

export function createMapRepository(resources: readonly Stored<FhirResource>[] = clinic): Repository {
  const kept = new Map<string, Stored<FhirResource>>()
  for (const resource of resources) kept.set(`${resource.resourceType}/${resource.id}`, resource)

  async function update<R extends FhirResource>(resource: Stored<R>): Promise<Stored<R>> {
    kept.set(`${resource.resourceType}/${resource.id}`, resource)
    return resource
  }
  return {
    read: async <T extends ResourceType>(type: T, id: string) =>
      kept.get(`${type}/${id}`) as Stored<ResourceOf<T>> | undefined,
    search: async <T extends ResourceType>(type: T, params: SearchParams = {}) =>
      [...kept.values()].filter(
        (one) => one.resourceType === type && mentions(one, params.actor ?? params.patient),
      ) as Stored<ResourceOf<T>>[],
    create: async (resource) => update({ ...resource, id: `made-${kept.size}` }),
    update,
  }
}

function mentions(resource: FhirResource, reference: string | readonly string[] | undefined): boolean {
  return typeof reference !== 'string' || JSON.stringify(resource).includes(`"${reference}"`)
}

export interface TestEmr {
  origin: string
  fhirUrl: string
  repository: Repository
  smart: SmartServer
  stop(): Promise<void>
}

export async function startTestEmr(
  parts: { qasidUrl?: string; now?: () => number; repository?: Repository } = {},
): Promise<TestEmr> {
  const { qasidUrl = 'http://localhost:8080', now, repository = createMapRepository() } = parts
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fhirUrl = `${origin}/fhir`
  const smart = createSmartServer({
    origin,
    fhirUrl,
    qasidUrl,
    read: repository.read,
    search: repository.search,
    now,
  })
  app.use(smart.router)
  const cds = createCdsClient({ origin, fhirUrl, qasidUrl, now: now ?? Date.now })
  app.use('/cds', cds.router)
  app.use(createPages({ repository, smart, cds, qasidUrl, now }))
  return {
    origin,
    fhirUrl,
    repository,
    smart,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
