/**
 * Who may be written to: one Consent per patient × channel × address, in the form that Qasid reads. `policyRule` and
 * `provision.type` always say the same.
 */
import type { CodeableConcept, Coding, Consent } from 'fhir/r4'
import { naming, policy, profile, system } from '../../src/fhir/codes.ts'
import type { Person } from './patients.ts'
import { organization } from './places.ts'

export type ConsentChannel = 'sms' | 'whatsapp' | 'email'

interface Terms {
  person: Person
  channel: ConsentChannel
  address: string
  at: string
}

/** What the sample's patients agreed to at the desk: reminders, care, and answers to what they ask. */
const permittedPurposes = ['PATADMIN', 'CAREMGT', 'PATRQT']

const medium: Record<ConsentChannel, Coding[]> = {
  sms: [{ system: system.participationMode, code: 'SMSWRIT' }],
  // APPWRIT alone would be any chat app.
  whatsapp: [
    { system: system.participationMode, code: 'APPWRIT' },
    { system: system.channel, code: 'whatsapp' },
  ],
  email: [{ system: system.participationMode, code: 'EMAILWRIT' }],
}

export function permit(terms: Terms, status: 'active' | 'inactive' = 'active'): Consent {
  return {
    ...skeleton(terms, 'permit', status),
    policy: [{ uri: policy.messagingOptIn }],
    policyRule: rule('OPTIN'),
    provision: {
      type: 'permit',
      period: { start: terms.at },
      purpose: permittedPurposes.map((code) => ({ system: system.actReason, code })),
      ...scope(terms.channel),
    },
  }
}

/** No purpose: everything is denied. */
export function deny(terms: Terms): Consent {
  return {
    ...skeleton(terms, 'deny', 'active'),
    policy: [{ uri: policy.stopReply }],
    policyRule: rule('OPTOUT'),
    provision: { type: 'deny', period: { start: terms.at }, ...scope(terms.channel) },
  }
}

/** The permits a person gives on these channels; a channel without an address is left out. */
export function permits(person: Person, channels: readonly ConsentChannel[], at: string): Consent[] {
  return channels.flatMap((channel) => {
    const address = channel === 'email' ? person.mailbox : person.mobile
    return address ? [permit({ person, channel, address, at })] : []
  })
}

function skeleton(terms: Terms, kind: 'permit' | 'deny', status: 'active' | 'inactive') {
  return {
    resourceType: 'Consent' as const,
    id: `consent-${kind}-${terms.channel}-${terms.person.patient.id.replace('patient-', '')}`,
    meta: { profile: [profile.messagingConsent] },
    identifier: [{ system: naming.consentAddress, value: `${terms.channel}:${terms.address}` }],
    status,
    scope: concept(system.consentScope, 'patient-privacy'),
    category: [concept(system.loinc, '59284-0'), concept(system.consentCategory, 'messaging')],
    patient: { reference: `Patient/${terms.person.patient.id}` },
    dateTime: terms.at,
    organization: [{ reference: `Organization/${organization.id}` }],
  }
}

function scope(channel: ConsentChannel) {
  return {
    class: [{ system: system.resourceTypes, code: 'Communication' }],
    code: [{ coding: medium[channel] }],
  }
}

function rule(code: 'OPTIN' | 'OPTOUT'): CodeableConcept {
  return concept(system.actCode, code)
}

function concept(codeSystem: string, code: string): CodeableConcept {
  return { coding: [{ system: codeSystem, code }] }
}
