/** The demo's clinic, with each carrier: what its install file says is what the provider asks for and the company knows. */
import { describe, expect, it } from 'vitest'
import { createWires } from '../../sandbox/carriers/index.ts'
import { carrierIds } from '../../sandbox/demo/demo-carriers.ts'
import {
  clinicFile,
  makeClinic,
  phonesEnvironment,
  qasidEnvironment,
} from '../../sandbox/demo/demo-clinic.ts'
import { startDemo } from '../../sandbox/demo/start-demo.ts'
import { readPhonesEnvironment } from '../../sandbox/phones/environment.ts'
import { providers } from '../../src/providers/index.ts'
import { secretFields } from '../../src/providers/secret-fields.ts'

const ports = { qasid: 8080, emr: 8081, phones: 8082, mail: 8025, store: 8083 }
const place = { redisUrl: 'redis://localhost', redisPrefix: 'test', dataDir: '/data' }

interface InstallSenders {
  senders: { id: string; channel: string; provider: string; credentials: Record<string, string> }[]
}

describe.each(carrierIds)('with %s', (carrier) => {
  const clinic = makeClinic({}, ports, carrier)
  const install = clinicFile(clinic, { quietHours: false, now: new Date() }) as InstallSenders
  const environment = qasidEnvironment(clinic, place)

  it('the channels that it has are its own, and the others the sandbox’s', () => {
    expect(install.senders.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms', 'email'])
    const used = new Set(install.senders.map(({ provider }) => provider))
    expect(used).toContain(carrier)
    expect([...used].filter((id) => id !== carrier && id !== 'sandbox')).toEqual([])
  })

  it('each sender has the credentials that its provider asks for, secrets by their variables only', () => {
    for (const { provider: id, credentials } of install.senders) {
      const provider = providers.find((one) => one.id === id)
      if (!provider) throw new Error(`No provider is called ${id}.`)
      const opened = Object.entries(credentials).map(([field, text]) => [
        field,
        text.startsWith('env:') ? environment[text.slice(4)] : text,
      ])
      expect(provider.credentials.safeParse(Object.fromEntries(opened)).error).toBeUndefined()
      for (const field of secretFields(provider).filter((one) => credentials[one] !== undefined))
        expect(credentials[field]).toMatch(/^env:DEMO_[A-Z_]+$/)
    }
  })

  it('the phones know the account and the senders', () => {
    const read = readPhonesEnvironment(phonesEnvironment(clinic), createWires())
    if (read.kind === 'refused') throw new Error(read.because)
    const wires = read.options.senders.map(({ channel, wire }) => [channel, wire])
    expect(wires).toEqual(install.senders.map(({ channel, provider }) => [channel, provider]))
    expect(read.options.wires.map(({ wire }) => wire.id).sort()).toEqual(
      [...new Set(['sandbox', carrier])].sort(),
    )
  })
})

describe('the demo', () => {
  it.each([
    [['--carrier', 'pigeon'], '--carrier pigeon is not known'],
    [['--carrier'], '--carrier is not known'],
    [['--loud'], '--loud is not known'],
  ])('does not start with %j, and says what it takes', async (args, sentence) => {
    const started = startDemo({ env: {}, args, say: () => {}, signal: new AbortController().signal })
    await expect(started).rejects.toThrow(sentence)
    await expect(started).rejects.toThrow('sandbox|twilio|meta|unifonic|smtp')
  })
})
