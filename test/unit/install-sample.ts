/** An install file of an invented clinic, as an operator writes it, and what is found wrong with another. */
import { ConfigError } from '../../src/config.ts'

export const sampleSender = {
  ...{ id: 'sms', provider: 'sandbox', channel: 'sms', address: '+15550100001', perSecond: 10 },
  credentials: { baseUrl: 'http://carrier.example', token: 'env:CARRIER_TOKEN' } as Record<string, string>,
}

export const sampleInstall = {
  id: 'sample-clinic',
  host: { fhirBase: 'https://emr.example/fhir', clientId: 'worker', scope: 'system/Patient.rs' },
  app: { clientId: 'app', scope: 'openid launch' },
  senders: [sampleSender],
  settings: {
    ...{ clinic: 'Sample Clinic', organization: 'Organization/sample', zone: 'Asia/Dubai', country: 'AE' },
    ...{ language: 'en', rules: [], remindChangesSince: '2026-11-20T08:00:00Z' },
  },
}

export function faultsOf(story: () => unknown): string[] {
  try {
    story()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}
