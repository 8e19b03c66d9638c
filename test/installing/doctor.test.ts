import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readFeedWishes } from '../../src/compose/feed-wishes.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import { readReport } from '../../src/install-shelf.ts'
import { recordsOf, startDeployment, startHost } from './clinic-to-install.ts'

const named = ['--id', 'clinic', '--with', 'clinic.json']
const sayOf = (rows: { need: string; way: string; says: string }[], need: string) => {
  const found = rows.find((one) => one.need === need)
  return found && `${found.way}: ${found.says}`
}

/** As much of a Redis as whoever asks whether it is there gets to hear. */
async function startRedis(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      const asked = data.toString().match(/\*\d+\r\n/g) ?? []
      for (const _one of asked) socket.write(data.toString().includes('ping') ? '+PONG\r\n' : '+OK\r\n')
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the doctor', () => {
  it('says how Redis, our keys and our Subscriptions are, in the same report', async () => {
    const clinic = await startDeployment({ env: { REDIS_URL: await startRedis() } })
    const host = await startHost(clinic.baseUrl, 'full')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const before = await clinic.report('doctor')
    expect(before.against).toEqual([])
    expect(sayOf(before.rows, 'redis')).toBe('native: Redis answers.')
    expect(sayOf(before.rows, 'keys')).toMatch(/^native: The EMR can fetch our public keys at .*clinic\.json/)
    expect(sayOf(before.rows, 'subscriptions')).toMatch(
      /^missing: .* 0 of 0 are active: qasid work makes them/,
    )

    const asWorker = createEmr({ baseUrl: host.fhirUrl, token: fixedToken('sandbox-admin') })
    for (const { hook, criteria } of await readFeedWishes(clinic.config, 'clinic'))
      await ensureSubscription(asWorker, { ...hook, criteria })
    const { rows } = await clinic.report('doctor')
    expect(sayOf(rows, 'subscriptions')).toBe('native: Our Subscriptions at the EMR are active (3 of 3).')
    expect(await readReport(clinic.config, 'clinic')).toMatchObject({ rows })
  })

  it('makes nothing anew at the host', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'medplum')
    await clinic.qasid('install', host.fhirUrl, ...named, '--token-env', 'ADMIN_TOKEN')
    const [records, files] = [await recordsOf(host), await clinic.files()]
    await clinic.qasid('doctor', '--install', 'clinic')
    expect(await recordsOf(host)).toEqual(records)
    expect({ ...(await clinic.files()), 'reports/clinic.json': '' }).toEqual({
      ...files,
      'reports/clinic.json': '',
    })
  })

  it('is not content without Redis, nor with a host that is away', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'hapi')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const { code, out } = await clinic.qasid('doctor')
    expect(out).toMatch(/Not ready:\n {2}Redis does not answer at REDIS_URL/)
    expect(code).toBe(1)
    await host.stop()
    expect((await clinic.report('doctor')).against.join()).toMatch(/^Nothing listens at localhost/)
  })

  it('keeps what the install said of the profiles, and no key of a host that asks for none', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'hapi')
    const { rows } = await clinic.report('install', host.fhirUrl, ...named)
    const again = await clinic.report('doctor')
    expect(sayOf(again.rows, 'profiles')).toBe(sayOf(rows, 'profiles'))
    expect(sayOf(again.rows, 'keys')).toBeUndefined()
  })

  it('names the installs there are, when asked for another', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'hapi')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const { code, err } = await clinic.qasid('doctor', '--install', 'other')
    expect([code, err]).toEqual([2, 'There is no such install; there are: clinic.'])
  })
})

describe('uninstalling', () => {
  it('is done only when it is said twice', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'hapi')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const before = await recordsOf(host)
    const { code, err } = await clinic.qasid('uninstall', 'clinic')
    expect(err).toMatch(
      /^This ends the Subscriptions, clients and settings of clinic at localhost:\d+; .*--yes\.$/,
    )
    expect(code).toBe(2)
    expect(await recordsOf(host)).toEqual(before)
  })

  it('leaves what was said, and the templates that it was written from', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'hapi')
    await clinic.qasid('install', host.fhirUrl, ...named, '--no-profiles')
    const system = 'https://qasid.dev/fhir/NamingSystem'
    const records = createEmr({ baseUrl: host.fhirUrl })
    await records.create({
      ...{ resourceType: 'Communication', status: 'completed', subject: { reference: 'Patient/p1' } },
      identifier: [{ system: `${system}/attempt-id`, value: 'a1' }],
    })
    await records.create({
      ...{ resourceType: 'ActivityDefinition', status: 'active' },
      identifier: [{ system: `${system}/template`, value: 'visit-reminder' }],
    })
    const before = await recordsOf(host)
    const { code, err } = await clinic.qasid('uninstall', 'clinic', '--yes')
    expect(err).toContain('1 templates stay, because messages were written from them.')
    expect(code).toBe(0)
    expect(await recordsOf(host)).toEqual(before)
  })

  it('waits for an administrator’s token where clients are resources, and goes on with it', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'medplum')
    const before = await recordsOf(host)
    const token = ['--token-env', 'ADMIN_TOKEN']
    await clinic.qasid('install', host.fhirUrl, ...named, ...token)
    const { code, err } = await clinic.qasid('uninstall', 'clinic', '--yes')
    expect(err).toMatch(/Left at the EMR: AccessPolicy\/.*ClientApplication\//)
    expect(err).toMatch(/Its file stays: .*--token-env; then run this again/)
    expect(code).toBe(1)
    expect((await clinic.qasid('uninstall', 'clinic', '--yes', ...token)).code).toBe(0)
    expect(await recordsOf(host)).toEqual(before)
  })
})
