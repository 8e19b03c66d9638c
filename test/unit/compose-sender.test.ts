import { describe, expect, it } from 'vitest'
import { composeSender } from '../../src/compose/compose-sender.ts'
import { ConfigError } from '../../src/config.ts'
import { parseInstall, type SenderFile } from '../../src/install-file.ts'
import { seal } from '../../src/seal.ts'

const keys = { key: Buffer.alloc(32, 1), secret: () => 'sesame' }

/** As it was read from a file. */
function read(credentials: Record<string, string>, changes: object = {}): SenderFile {
  const file = {
    id: 'palm-clinic',
    host: { fhirBase: 'https://emr.example/fhir', clientId: 'worker', scope: 'system/Patient.rs' },
    app: { clientId: 'app', scope: 'openid launch' },
    senders: [
      {
        ...{ id: 'sms', provider: 'sandbox', channel: 'sms', address: '+15550100001', perSecond: 10 },
        ...{ credentials, ...changes },
      },
    ],
    settings: {
      ...{ clinic: 'Palm Clinic', organization: 'Organization/palm', zone: 'Asia/Dubai', country: 'AE' },
      ...{ language: 'en', rules: [], remindChangesSince: '2026-11-20T08:00:00Z' },
    },
  }
  const [sender] = parseInstall('palm.json', JSON.stringify(file), keys).senders
  if (!sender) throw new Error('no sender')
  return sender
}

function faultsOf(sender: SenderFile): string[] {
  try {
    composeSender({ baseUrl: 'https://qasid.example' }, 'palm-clinic', sender)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

const carrier = 'https://carrier.example'
const closed = { baseUrl: carrier, token: 'env:TOKEN', webhookSecret: seal(keys.key, 'open sesame') }

describe('a sender of an install', () => {
  it('may write plainly what is no secret', () => {
    const { sender, credentials } = composeSender(
      { baseUrl: 'https://qasid.example' },
      'palm-clinic',
      read(closed),
    )
    expect(sender).toMatchObject({ id: 'sms', channel: 'sms', address: '+15550100001' })
    expect(credentials).toEqual({ baseUrl: carrier, token: 'sesame', webhookSecret: 'open sesame' })
  })

  it('is refused by the name of every secret that stands in the file as it is', () => {
    const faults = faultsOf(read({ ...closed, token: 'hunter2', webhookSecret: 'hunter3' }))
    expect(faults).toEqual([
      expect.stringMatching(/^palm-clinic: senders\.sms\.credentials\.token: it is a secret/),
      expect.stringMatching(/^palm-clinic: senders\.sms\.credentials\.webhookSecret: it is a secret/),
    ])
    expect(faults.join()).not.toContain('hunter')
  })

  it('tells all its faults at once', () => {
    const faults = faultsOf(
      read({ ...closed, baseUrl: 'nowhere', token: 'hunter2' }, { address: '0501112233' }),
    )
    expect(faults.map((fault) => /senders\.sms\.([\w.]+):/.exec(fault)?.[1])).toEqual([
      'credentials.baseUrl',
      'credentials.token',
      'address',
    ])
  })

  it('may be a registered name, which nobody can answer', () => {
    const own = read(closed, { address: 'PalmClinic' })
    const { sender } = composeSender({ baseUrl: 'https://qasid.example' }, 'palm-clinic', own)
    expect(sender).toMatchObject({ address: 'PalmClinic', carries: { answers: false } })
    expect(faultsOf(read(closed, { address: 'A name too long' }))).toHaveLength(1)
  })

  it('of a company that nobody knows, or that does not carry its channel, is refused', () => {
    expect(faultsOf(read({}, { provider: 'pigeon' }))).toEqual([
      expect.stringMatching(/^palm-clinic: senders\.sms\.provider: it must be one of sandbox, twilio, .*\.$/),
    ])
    expect(faultsOf(read({}, { provider: 'smtp' }))).toEqual([
      expect.stringMatching(/\.provider: smtp does not carry sms; these do: sandbox, twilio, /),
    ])
  })

  it('is told what is wrong with its credentials in words', () => {
    expect(faultsOf(read({ baseUrl: 'nowhere', tokne: 'x', token: 'env:TOKEN' }))).toEqual([
      'palm-clinic: senders.sms.credentials.baseUrl: it must be a URL such as https://emr.example.',
      'palm-clinic: senders.sms.credentials.webhookSecret: it is missing.',
      'palm-clinic: senders.sms.credentials: it has no field tokne (did you mean token?).',
    ])
  })
})
