import { describe, expect, it } from 'vitest'
import { readInstalls } from '../../src/install-file.ts'
import { recordsOf, startDeployment, startHost, startStore, wished } from './clinic-to-install.ts'

const named = ['--id', 'clinic', '--with', 'clinic.json']

describe('an install that is made again', () => {
  it('needs neither senders nor settings to be given again', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const before = await clinic.files()
    expect((await clinic.qasid('install', host.fhirUrl)).code).toBe(0)
    expect((await clinic.files())['installs/clinic.json']).toBe(before['installs/clinic.json'])
  })

  it('takes what is wished for now, and changes nothing else', async () => {
    const sender = { ...wished.senders[0], perSecond: 20 }
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const [before] = await readInstalls(clinic.config)
    const records = await recordsOf(host)
    clinic.wish({ senders: [sender] })
    expect((await clinic.qasid('install', host.fhirUrl, '--with', 'clinic.json')).code).toBe(0)
    const [after] = await readInstalls(clinic.config)
    expect(after).toEqual({ ...before, senders: [{ ...before?.senders[0], perSecond: 20 }] })
    expect(await recordsOf(host)).toEqual(records)
  })

  it('registers anew where other scopes are needed, and the host forgets the clients before', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const store = await startStore(clinic.baseUrl)
    await clinic.qasid('install', host.fhirUrl, ...named, '--store', store.fhirUrl)
    const [before] = await readInstalls(clinic.config)
    expect(before?.host.scope).not.toContain('Communication')
    const { kind } = await clinic.report('install', host.fhirUrl, '--write-back')
    const [after] = await readInstalls(clinic.config)
    expect(kind).toBe('mixed')
    expect(after?.host.scope).toContain('system/Communication.crus')
    expect(after?.writeBack).toBe(true)
    const known = (await recordsOf(host)).clients.map(({ id }) => id).filter((id) => !id.startsWith('qasid-'))
    expect(known.sort()).toEqual([after?.host.clientId, after?.app?.clientId].sort())
    expect(known).not.toContain(before?.host.clientId)
  })

  it('registers anew where we have another address', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'medplum')
    const token = ['--token-env', 'ADMIN_TOKEN']
    await clinic.qasid('install', host.fhirUrl, ...named, ...token)
    const count = (await recordsOf(host)).resources.length
    const moved = clinic.baseUrl.replace('127.0.0.1', 'localhost')
    expect((await clinic.movedTo(moved).qasid('install', host.fhirUrl, ...token)).code).toBe(0)
    const [file] = await readInstalls(clinic.config)
    expect(file?.registration?.asked).toContain(`${moved}/launch`)
    expect((await recordsOf(host)).resources).toHaveLength(count)
  })

  it('says that only an administrator can change what the host knows, where that is so', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'medplum')
    await clinic.qasid('install', host.fhirUrl, ...named, '--token-env', 'ADMIN_TOKEN')
    const moved = clinic.movedTo(clinic.baseUrl.replace('127.0.0.1', 'localhost'))
    expect((await moved.qasid('install', host.fhirUrl)).err).toContain(
      'only its administrator can change that',
    )
  })

  it('stays as it was when the host is not ready now', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    await clinic.qasid('install', host.fhirUrl, ...named)
    const before = await clinic.files()
    const records = await recordsOf(host)
    await host.stop()
    expect((await clinic.qasid('install', host.fhirUrl)).code).toBe(1)
    expect(await clinic.files()).toEqual(before)
    expect(records.clients).toHaveLength(4)
  })
})

describe('a file that cannot be written', () => {
  it('leaves nothing at the servers', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const store = await startStore(clinic.baseUrl)
    const before = await recordsOf(host)
    // A file stands where the folder should be.
    await clinic.write('installs', '')
    const { code, err } = await clinic.qasid('install', host.fhirUrl, ...named, '--store', store.fhirUrl)
    expect(err).toMatch(/QASID_DATA: the folder .*installs cannot be written/)
    expect(code).toBe(1)
    expect(await recordsOf(host)).toEqual(before)
    expect((await recordsOf(store)).resources).toEqual([])
    expect(Object.keys(await clinic.files())).toEqual(['installs'])
  })
})
