import { describe, expect, it } from 'vitest'
import { recordsOf, startDeployment, startHost, startStore, wished } from './clinic-to-install.ts'
import { startAndStop, startPages, stating } from './pages.ts'

describe('a store that', () => {
  it('lacks what we keep is no store, and the host forgets us', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const before = await recordsOf(host)
    const store = await startPages({ '/fhir/metadata': () => stating('Consent Communication Basic') })
    const { against } = await clinic.report(
      'install',
      host.fhirUrl,
      '--with',
      'clinic.json',
      '--store',
      store,
    )
    expect(against[0]).toBe(
      'The store cannot keep CommunicationRequest, Task, Provenance, AuditEvent, ActivityDefinition.',
    )
    expect(await recordsOf(host)).toEqual(before)
    expect(await clinic.files()).toEqual({})
  })

  it('is not there leaves nothing at the host either', async () => {
    const clinic = await startDeployment()
    const host = await startHost(clinic.baseUrl, 'full')
    const before = await recordsOf(host)
    const away = ['--store', await startAndStop()]
    const { err } = await clinic.qasid('install', host.fhirUrl, '--with', 'clinic.json', ...away)
    expect(err).toMatch(/Nothing listens at 127\.0\.0\.1:\d+/)
    expect(await recordsOf(host)).toEqual(before)
    expect(await clinic.files()).toEqual({})
  })

  it('is another install’s, or the EMR itself, or not where the records are, is refused before anything is asked', async () => {
    const clinic = await startDeployment()
    const [one, other, store] = await Promise.all([
      startHost(clinic.baseUrl, 'hapi'),
      startHost(clinic.baseUrl, 'hapi'),
      startStore(clinic.baseUrl),
    ])
    const install = (host: string, ...more: string[]) =>
      clinic.qasid('install', host, '--with', 'clinic.json', ...more)
    expect((await install(one.fhirUrl, '--id', 'one', '--store', store.fhirUrl)).code).toBe(0)
    const refused = await Promise.all([
      install(other.fhirUrl, '--id', 'other', '--store', store.fhirUrl),
      install(other.fhirUrl, '--id', 'other', '--store', other.fhirUrl),
      install(one.fhirUrl, '--store', other.fhirUrl),
      install(one.fhirUrl, '--id', 'another'),
      install(other.fhirUrl, '--id', 'one'),
    ])
    expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
    const sentences = [
      /The install one has its records at .*: each install needs a store of its own/,
      /The store is the EMR itself/,
      /The records of one are at .* and install moves none/,
      /That EMR is the install one already/,
      /The id one is that of another EMR's install/,
    ]
    sentences.forEach((sentence, index) => {
      expect(refused[index]?.err).toMatch(sentence)
    })
  })
})

describe('a command line that', () => {
  it.each([
    [['clinic'], /That is no URL/],
    [['http://emr.example/fhir'], /must be under https/],
    [['https://emr.example/fhir?x=1'], /nothing after its path/],
    [['https://emr.example/fhir', '--with', 'other.json'], /The file of --with cannot be read/],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--dialect', 'esperanto'],
      /--dialect is one of rfc7591/,
    ],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--token-env', 'NOT_SET'],
      /the variable NOT_SET is not set/,
    ],
    [['https://emr.example/fhir'], /senders and settings are not known yet/],
    [
      ['https://emr.example/fhir', '--with', 'clinic.json', '--write-back'],
      /writeBack is for a store beside the host/,
    ],
    [['https://emr.example/fhir', '--stor', 'x'], /did you mean --store\?/],
  ])('says %j is told what is wrong, and nobody is asked', async (args, sentence) => {
    const clinic = await startDeployment()
    const { code, err } = await clinic.qasid('install', ...args)
    expect(err).toMatch(sentence)
    expect(code).toBeGreaterThan(0)
    expect(await clinic.files()).toEqual({})
  })

  it('names senders that could not be sent through is refused too', async () => {
    const [sender] = wished.senders
    const clinic = await startDeployment({ clinic: { ...wished, senders: [{ ...sender, credentials: {} }] } })
    const { code, err } = await clinic.qasid('install', 'https://emr.example/fhir', '--with', 'clinic.json')
    expect(err).toMatch(/senders\.sms\.credentials/)
    expect(code).toBe(1)
  })
})
