/** Channel ↔ medium. WhatsApp is APPWRIT **and** our own code: APPWRIT alone could be any app, and is read as WhatsApp. */
import type { CodeableConcept } from 'fhir/r4'
import type { Channel } from '../domain/channel.ts'
import { system } from './codes.ts'
import { codesIn } from './concept.ts'

const participationMode: Record<Channel, { code: string; display: string }> = {
  sms: { code: 'SMSWRIT', display: 'SMS message' },
  whatsapp: { code: 'APPWRIT', display: 'messaging app' },
  email: { code: 'EMAILWRIT', display: 'email' },
}

export function toMedium(channel: Channel): CodeableConcept {
  const { code, display } = participationMode[channel]
  const standard = { system: system.participationMode, code, display }
  return channel === 'whatsapp'
    ? { coding: [standard, { system: system.channel, code: 'whatsapp', display: 'WhatsApp' }] }
    : { coding: [standard] }
}

export function fromMedium(medium: CodeableConcept | undefined): Channel | undefined {
  if (codesIn(medium, system.channel).includes('whatsapp')) return 'whatsapp'
  const [code] = codesIn(medium, system.participationMode)
  return (Object.keys(participationMode) as Channel[]).find(
    (channel) => participationMode[channel].code === code,
  )
}
