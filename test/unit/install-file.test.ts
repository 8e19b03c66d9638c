import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { parseInstall, readInstalls } from '../../src/install-file.ts'
import { seal } from '../../src/seal.ts'
import { faultsOf, sampleInstall as install, sampleSender as sender } from './install-sample.ts'

const key = Buffer.alloc(32, 1)
const env: Record<string, string> = { CARRIER_TOKEN: 'sesame' }
const config = { key, secret: (name: string) => env[name] }

const rule = { id: 'first', before: 'PT48H', plan: ['sms'], template: 'visit-reminder', bookedLate: 'skip' }

const parse = (changes: object = {}) =>
  parseInstall('clinic.json', JSON.stringify({ ...install, ...changes }), config)

describe('an install file', () => {
  it('is read, and what it leaves out is filled in', () => {
    expect(parse()).toMatchObject({
      id: 'sample-clinic',
      frameAncestors: [],
      settings: { noConsent: 'block' },
    })
  })

  it('lists the EMRs that may ask by CDS Hooks, none unless it says so', () => {
    const jku = 'http://localhost:8081/jwks'
    expect(parse().cds).toEqual({ clients: [] })
    expect(parse({ cds: { clients: [{ iss: 'emr', jku }] } }).cds.clients).toEqual([
      { iss: 'emr', jku, algs: ['ES384', 'RS384'] },
    ])
  })

  it('may hold a secret by the name of a variable, sealed, or as it is', () => {
    const credentials = { a: 'env:CARRIER_TOKEN', b: seal(key, 'open'), c: 'plain' }
    const [read] = parse({ senders: [{ ...sender, credentials }] }).senders
    expect(read?.credentials).toEqual({ a: 'sesame', b: 'open', c: 'plain' })
    expect(read?.plainly).toEqual(['c'])
  })

  it('may name a store beside the host, and a server that asks for no token', () => {
    const store = { fhirBase: 'https://store.example/fhir' }
    expect(parse({ store, writeBack: true, app: undefined })).toMatchObject({ store, writeBack: true })
  })

  it('may hold the secret of a client that has no key', () => {
    const host = { ...install.host, clientSecret: 'env:CARRIER_TOKEN' }
    expect(parse({ host }).host.clientSecret).toBe('sesame')
    expect(faultsOf(() => parse({ host: { ...host, clientSecret: 'plain' } }))).toEqual([
      'clinic.json: host.clientSecret: it is a secret, so name a variable (env:NAME) or seal it (qasid seal).',
    ])
  })

  it.each<[string, object, string]>([
    [
      'a client without what it may do',
      { host: { fhirBase: 'https://emr.example/fhir', clientId: 'worker' } },
      'clinic.json: host names clientId and scope both, or neither',
    ],
    [
      'an id that cannot stand in a URL',
      { id: 'Sample Clinic' },
      'clinic.json: id must be up to 40 lower-case letters, digits and hyphens',
    ],
    ['no host', { host: undefined }, 'clinic.json: host is missing'],
    ['a host of another kind', { host: 'emr' }, 'clinic.json: host must be an object'],
    [
      'a host at no address',
      { host: { ...install.host, fhirBase: 'emr' } },
      'clinic.json: host.fhirBase must be a URL such as https://emr.example',
    ],
    [
      'a host without a client',
      { host: { ...install.host, clientId: '' } },
      'clinic.json: host.clientId is empty',
    ],
    ['no sender', { senders: [] }, 'clinic.json: senders is an empty list'],
    [
      'a sender without pace',
      { senders: [{ ...sender, perSecond: 0 }] },
      'clinic.json: senders.sms.perSecond must be more than 0',
    ],
    [
      'a pace in words',
      { senders: [{ ...sender, perSecond: 'ten' }] },
      'clinic.json: senders.sms.perSecond must be a number',
    ],
    [
      'a cap of nothing',
      { senders: [{ ...sender, limits: { perDay: 0 } }] },
      'clinic.json: senders.sms.limits.perDay must be more than 0',
    ],
    [
      'a misspelt cap',
      { senders: [{ ...sender, limits: { peopleperday: 250 } }] },
      'clinic.json: senders.sms.limits has no field peopleperday (did you mean peoplePerDay?)',
    ],
    [
      'a sender without a name',
      { senders: [sender, { ...sender, id: undefined }] },
      'clinic.json: senders.(number 2).id is missing',
    ],
    [
      'a misspelt field of a sender',
      { senders: [{ ...sender, wieght: 2 }] },
      'clinic.json: senders.sms has no field wieght (did you mean weight?)',
    ],
    [
      'a channel nobody knows',
      { senders: [{ ...sender, channel: 'fax' }] },
      'clinic.json: senders.sms.channel must be one of sms, whatsapp, email',
    ],
    [
      'a setting nobody knows',
      { settings: { ...install.settings, quietHour: 1 } },
      'clinic.json: settings has no field quietHour (did you mean quietHours?)',
    ],
    [
      'a setting of another kind',
      { settings: { ...install.settings, clinic: 7 } },
      'clinic.json: settings clinic must be a text',
    ],
    [
      'two rules of one name',
      { settings: { ...install.settings, rules: [rule, { ...rule, before: 'PT2H' }] } },
      'clinic.json: settings rules: two rules have the id first',
    ],
    ['no settings', { settings: undefined }, 'clinic.json: settings is missing'],
    [
      'two senders of one name',
      { senders: [sender, { ...sender, channel: 'whatsapp' }] },
      'clinic.json: senders two senders have the id sms',
    ],
    [
      'a frame that is no origin',
      { frameAncestors: ['portal'] },
      'clinic.json: frameAncestors.0 must be a URL such as https://emr.example',
    ],
    [
      'keys that anybody on the way could change',
      { cds: { clients: [{ iss: 'emr', jku: 'http://emr.example/jwks' }] } },
      'clinic.json: cds.clients.0.jku must be an https URL',
    ],
    [
      'a way of signing that proves nothing',
      { cds: { clients: [{ iss: 'emr', jku: 'https://emr.example/jwks', algs: ['HS256'] }] } },
      'clinic.json: cds.clients.0.algs.0 must be one of ES384, RS384, ES256, RS256',
    ],
    ['a misspelt field', { sender: [] }, 'clinic.json: has no field sender (did you mean senders?)'],
  ])('with %s is refused by file and field', (_what, changes, fault) => {
    expect(faultsOf(() => parse(changes))).toEqual([fault])
  })

  it('tells all its faults at once', () => {
    expect(faultsOf(() => parse({ id: '', app: {} })).length).toBeGreaterThan(2)
    const faults = faultsOf(() => parse({ senders: [sender, { ...sender, perSecond: 0 }] }))
    expect(faults).toEqual([
      expect.stringContaining('senders.sms.perSecond'),
      expect.stringContaining('two senders have the id sms'),
    ])
  })

  it('names every secret that cannot be opened', () => {
    const credentials = { token: 'env:MISSING', webhookSecret: 'sealed:nonsense' }
    const faults = faultsOf(() => parse({ senders: [{ ...sender, credentials }] }))
    expect(faults.map((fault) => fault.split(': ')[1])).toEqual([
      'senders.sms.credentials.token',
      'senders.sms.credentials.webhookSecret',
    ])
  })

  it('that is no JSON is refused by its name', () => {
    expect(faultsOf(() => parseInstall('clinic.json', '{"token":"sesame"', config))).toEqual([
      'clinic.json is not JSON.',
    ])
  })

  it.each([
    ['env:MISSING', 'senders.sms.credentials.token: the variable MISSING is not set.'],
    [
      seal(Buffer.alloc(32, 2), 'open'),
      'senders.sms.credentials.token: it was sealed under another QASID_KEY.',
    ],
    ['sealed:nonsense', 'senders.sms.credentials.token: it was sealed under another QASID_KEY.'],
  ])('with a secret that cannot be opened, %s, says which', (token, fault) => {
    const credentials = { token, other: 'sesame' }
    const faults = faultsOf(() => parse({ senders: [{ ...sender, credentials }] }))
    expect(faults).toEqual([`clinic.json: ${fault}`])
    expect(faults.join()).not.toContain('sesame')
  })
})

describe('the folder of installs', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'qasid-installs-'))
    await mkdir(join(dataDir, 'installs'))
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  const write = (name: string, changes: object = {}) =>
    writeFile(join(dataDir, 'installs', name), JSON.stringify({ ...install, ...changes }))
  const read = () => readInstalls({ ...config, dataDir })
  const at = (fhirBase: string) => ({ ...install.host, fhirBase })

  it('is read in the order of its files, and other files are left alone', async () => {
    await write('b.json', { id: 'b', host: at('https://other.example/fhir') })
    await write('a.json', { id: 'a' })
    await write('a.json.bak', { id: '' })
    expect((await read()).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('may be empty', async () => {
    expect(await read()).toEqual([])
  })

  it('is refused when two files describe one install', async () => {
    await write('a.json')
    await write('b.json')
    await expect(read()).rejects.toThrow(/two files describe the install sample-clinic/)
  })

  it.each([
    [
      'of one host',
      { host: at('https://emr.example/fhir/') },
      /of the same host, https:\/\/emr.example\/fhir\.$/,
    ],
    [
      'whose records would stand together',
      { host: at('https://other.example/fhir'), store: { fhirBase: 'https://EMR.example/fhir' } },
      /have their records at https:\/\/emr.example\/fhir; each needs a store of its own/,
    ],
  ])('is refused with two installs %s', async (_what, changes, fault) => {
    await write('a.json')
    await write('b.json', { id: 'b', ...changes })
    await expect(read()).rejects.toThrow(fault)
  })

  it('is refused as a whole when one file is wrong: half an install is none', async () => {
    await write('a.json')
    await write('b.json', { id: 'b', senders: [] })
    await expect(read()).rejects.toThrow(/b\.json: senders/)
  })

  it('tells the faults of all files at once', async () => {
    await write('a.json', { id: 'A' })
    await write('b.json', { id: 'twice' })
    await write('c.json', { id: 'twice', host: at('https://other.example/fhir') })
    await writeFile(join(dataDir, 'installs', 'd.json'), '{')
    await mkdir(join(dataDir, 'installs', 'e.json'))
    const error = await read().catch((thrown: unknown) => thrown)
    expect(error instanceof ConfigError && error.faults).toEqual([
      expect.stringMatching(/^a\.json: id /),
      'd.json is not JSON.',
      'e.json cannot be read.',
      expect.stringContaining('two files describe the install twice'),
    ])
  })

  it('that is not there is told by the variable', async () => {
    await expect(readInstalls({ ...config, dataDir: join(dataDir, 'other') })).rejects.toThrow(/QASID_DATA/)
  })
})
