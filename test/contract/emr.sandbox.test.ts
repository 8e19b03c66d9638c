import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { startEmr } from '../../sandbox/emr/start-emr.ts'
import { instant } from '../../src/domain/time.ts'
import { createBackendToken, fixedToken } from '../../src/emr/backend-token.ts'
import { readCapabilities } from '../../src/emr/capabilities.ts'
import { createEmr, type EmrWishes } from '../../src/emr/fhir-server.ts'
import { createSmartDiscovery } from '../../src/emr/smart-discovery.ts'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import { startScriptedServer } from '../unit/emr-scripted-server.ts'
import { describeEmr } from './emr.ts'

const now = () => instant(Date.now())
const token = fixedToken('sandbox-admin')

async function startSandbox(qasidUrl = 'http://localhost:1', wishes: Partial<EmrWishes> = {}) {
  const { fhirUrl, url, stop } = await startEmr({ port: 0, qasidUrl, retryDelays: [] })
  const emr = createEmr({ baseUrl: fhirUrl, token }, { now, ...wishes })
  return { fhirUrl, url, emr, [Symbol.asyncDispose]: stop }
}

describe.each<[string, Partial<EmrWishes>]>([
  ['one request at a time', {}],
  ['in batches', { batch: { most: 20, atOnce: 1 } }],
  ['without conditions, looking before and after', { takesConditions: async () => false }],
])('%s', (how, wishes) =>
  describeEmr(`the FHIR client, in front of the sandbox EMR, ${how}`, async () => {
    const { fhirUrl, emr, ...sandbox } = await startSandbox(undefined, wishes)
    const headers = { authorization: 'Bearer sandbox-admin' }
    return {
      emr,
      remove: async (reference) =>
        void (await fetch(`${fhirUrl}/${reference}`, { method: 'DELETE', headers })),
      stop: () => sandbox[Symbol.asyncDispose](),
    }
  }))

describe('the sandbox EMR', () => {
  it('says that it can hold all that we write', async () => {
    await using sandbox = await startSandbox()
    const capabilities = await readCapabilities({ baseUrl: sandbox.fhirUrl })
    expect(capabilities).toMatchObject({
      fhirVersion: '4.0.1',
      subscriptionsStartAs: 'requested',
      batch: true,
      transaction: true,
    })
    expect(capabilities.resources.get('Communication')?.conditionalCreate).toBe(true)
  })

  it('keeps no older version once it was asked to forget them', async () => {
    await using sandbox = await startSandbox()
    const { resource } = await sandbox.emr.create({ resourceType: 'Patient', active: true })
    const saved = await sandbox.emr.save({ ...resource, active: false })
    const reference = `Patient/${resource.id}`
    const kept = async () => {
      const headers = { authorization: 'Bearer sandbox-admin' }
      const answer = await fetch(`${sandbox.fhirUrl}/${reference}/_history`, { headers })
      const { entry = [] } = (await answer.json()) as { entry?: { resource: object }[] }
      return entry.map((one) => one.resource)
    }
    expect(await kept()).toHaveLength(2)
    expect(await sandbox.emr.removeVersions(reference)).toBe(true)
    expect(await kept()).toEqual([saved])
  })

  it('gives the worker a token for its own key, and takes that token', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true })
    const named = { kid: 'k1', alg: 'ES384', use: 'sig' }
    const keys: JWK[] = [{ ...(await exportJWK(privateKey)), ...named }]
    await using qasid = await startScriptedServer({
      json: { keys: [{ ...(await exportJWK(publicKey)), ...named }] },
    })
    await using sandbox = await startSandbox(qasid.origin)
    const worker = createEmr({
      baseUrl: sandbox.fhirUrl,
      token: createBackendToken({
        baseUrl: sandbox.fhirUrl,
        clientId: 'qasid-worker',
        scope: 'system/Patient.rs system/Communication.crus',
        keys: async () => keys,
        discover: createSmartDiscovery(now),
        now,
      }),
    })
    const { resource } = await sandbox.emr.create({ resourceType: 'Patient', active: true })
    expect((await worker.read('Patient', resource.id))?.id).toBe(resource.id)
    await expect(worker.create({ resourceType: 'Patient' })).rejects.toMatchObject({ status: 403 })
    expect(qasid.asked.map(({ url }) => url)).toContain('/.well-known/jwks.json')
  })

  it('keeps one Subscription, however often it is asked for', async () => {
    await using sandbox = await startSandbox()
    const wish = {
      criteria: 'Appointment?',
      endpoint: 'http://localhost:1/notify/sample-clinic/k1',
      headers: ['X-Qasid-Secret: first'],
      payload: 'application/fhir+json',
      reason: 'Plan reminders when visits change',
    }
    const first = await ensureSubscription(sandbox.emr, wish)
    expect((await ensureSubscription(sandbox.emr, wish)).reference).toBe(first.reference)
    await ensureSubscription(sandbox.emr, { ...wish, headers: ['X-Qasid-Secret: second'] })
    expect(await sandbox.emr.search('Subscription', {})).toHaveLength(1)
  })

  it.each(['500', '503', 'html', 'nothing'])('is an error on a bad day: %s', async (answer) => {
    await using sandbox = await startSandbox()
    await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ answer, for: 1 }),
    })
    await expect(sandbox.emr.search('Patient', { phone: '+15550100001' })).rejects.toThrow(
      'Searching Patient by phone:',
    )
    expect(await sandbox.emr.search('Patient', { phone: '+15550100001' })).toEqual([])
  })

  it('keeps one resource when the answer to its creation is lost', async () => {
    await using sandbox = await startSandbox()
    await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'lost', for: 1, match: 'POST' }),
    })
    const identifier = { system: 'https://example.org/keys', value: 'a1' }
    const create = () =>
      sandbox.emr.create(
        { resourceType: 'Communication', status: 'preparation', identifier: [identifier] },
        identifier,
      )
    await expect(create()).rejects.toThrow('Creating Communication')
    expect((await create()).created).toBe(false)
  })
})
