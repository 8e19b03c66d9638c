import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getStatus, OperationOutcomeError } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import type { FhirResource } from 'fhir/r4'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { EmrRepository } from '../../sandbox/emr/fhir-repository.ts'
import { createRecordStore } from '../../sandbox/emr/record-store.ts'
import { loadSearchParameters } from '../../sandbox/emr/search-parameters.ts'
import { createTurns } from '../../sandbox/emr/turns.ts'
import { type Call, createCall, openEmr } from './emr-caller.ts'

/** Qasid's key, published where the EMR looks for it. */
async function openKeySet() {
  const { privateKey, publicKey } = await generateKeyPair('ES384')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES384', use: 'sig' }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })))
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { privateKey, qasidUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function openWithScope(scope: string): Promise<Call> {
  const { privateKey, qasidUrl } = await openKeySet()
  const { emr } = await openEmr({ qasidUrl, resources: [{ resourceType: 'Patient', id: 'p' }] })
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES384', kid: 'key-1', typ: 'JWT' })
    .setIssuer('qasid-worker')
    .setSubject('qasid-worker')
    .setAudience(`${emr.url}/oauth/token`)
    .setExpirationTime('4m')
    .setJti(randomUUID())
    .sign(privateKey)
  const response = await fetch(`${emr.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return createCall(emr.fhirUrl, `Bearer ${access_token}`)
}

describe('a token', () => {
  it('opens what its scopes name and nothing else', async () => {
    const call = await openWithScope('system/Patient.rs')
    expect((await call('GET', '/Patient/p')).status).toBe(200)
    expect((await call('GET', '/Patient')).status).toBe(200)
    const refused = [
      await call('POST', '/Patient', { resourceType: 'Patient' }),
      await call('PUT', '/Patient/p', { resourceType: 'Patient', id: 'p' }),
      await call('PATCH', '/Patient/p', [{ op: 'add', path: '/active', value: true }]),
      await call('DELETE', '/Patient/p'),
      await call('GET', '/Task'),
      await call('GET', '/Task/1'),
    ]
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 403, body: { resourceType: 'OperationOutcome' } })
    }
  })

  it('opens no more inside a batch, nor through an include', async () => {
    const call = await openWithScope('system/Appointment.cruds')
    const batch = await call('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: 'Patient/p' } },
        {
          request: { method: 'POST', url: 'Appointment' },
          resource: {
            resourceType: 'Appointment',
            status: 'booked',
            participant: [{ actor: { reference: 'Patient/p' }, status: 'accepted' }],
          },
        },
      ],
    })
    expect(batch.body).toMatchObject({
      entry: [{ response: { status: '403' } }, { response: { status: '201' } }],
    })
    const { body } = await call('GET', '/Appointment?_include=Appointment:patient')
    expect(body.entry).toHaveLength(1)
  })
})

describe('a token for one patient', () => {
  beforeAll(loadSearchParameters)

  const mine = { reference: 'Patient/me' }
  const others = { reference: 'Patient/other' }
  const clinic: (FhirResource & { id: string })[] = [
    { resourceType: 'Patient', id: 'me' },
    { resourceType: 'Patient', id: 'other' },
    { resourceType: 'Location', id: 'desk' },
    { resourceType: 'Communication', id: 'mine', status: 'completed', subject: mine },
    { resourceType: 'Communication', id: 'others', status: 'completed', subject: others },
    { resourceType: 'Communication', id: 'nobody', status: 'completed' },
    {
      resourceType: 'Appointment',
      id: 'visit',
      status: 'booked',
      participant: [{ actor: mine, status: 'accepted' }],
    },
  ]

  function open() {
    const store = createRecordStore({ now: () => new Date('2026-11-20T12:00:00Z') })
    for (const resource of clinic) store.put(resource)
    const records = { store, exclusive: createTurns(), announce: async () => {} }
    return { store, repository: new EmrRepository(records, { may: () => true, patientOf: () => 'me' }) }
  }

  const statusOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 200,
      (cause: unknown) => (cause instanceof OperationOutcomeError ? getStatus(cause.outcome) : 500),
    )

  it('reads that patient’s records and what belongs to nobody in particular', async () => {
    const { repository } = open()
    const statuses = await Promise.all(
      clinic.map(({ resourceType, id }) => statusOf(repository.readResource(resourceType, id))),
    )
    expect(statuses).toEqual([200, 403, 200, 200, 403, 403, 200])
  })

  it('finds only that patient’s records', () => {
    const { repository } = open()
    expect(repository.match({ resourceType: 'Communication' }).map(({ id }) => id)).toEqual(['mine'])
    expect(repository.match({ resourceType: 'Patient' }).map(({ id }) => id)).toEqual(['me'])
  })

  it('writes only for that patient, and a refused write leaves no trace', async () => {
    const { repository, store } = open()
    const communication = (id: string, subject?: object) =>
      ({ resourceType: 'Communication', id, status: 'completed', subject }) as Resource
    expect(await statusOf(repository.createResource(communication('', mine)))).toBe(200)
    expect(await statusOf(repository.createResource(communication('', others)))).toBe(403)
    expect(await statusOf(repository.createResource(communication('')))).toBe(403)
    expect(await statusOf(repository.updateResource(communication('others', mine)))).toBe(403)
    expect(await statusOf(repository.updateResource(communication('mine', others)))).toBe(403)
    expect(await statusOf(repository.deleteResource('Communication', 'others'))).toBe(403)
    expect(store.find('Communication', 'mine')).toMatchObject({ subject: mine, meta: { versionId: '1' } })
    expect(store.search('Communication', [])).toHaveLength(4)
  })
})
