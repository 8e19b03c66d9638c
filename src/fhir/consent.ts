/** Consent ↔ ConsentRecord. Reads leniently what is about messaging; writes exactly the profile `messaging-consent`. */
import type { Consent, ConsentProvision } from 'fhir/r4'
import { type Address, parseAddress } from '../domain/address.ts'
import { type Channel, isChannel } from '../domain/channel.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import { type MessageCategory, messageCategories, type Purpose, purposes } from '../domain/message-request.ts'
import { instant, parseInstant, toIso } from '../domain/time.ts'
import { naming, policy, profile, system } from './codes.ts'
import { codesIn, concept, hasCode, present, someOf } from './concept.ts'
import { fromMedium, toMedium } from './medium.ts'
import { fromReference, referenceTo, toReference } from './reference.ts'

/** `undefined` when the Consent is not about messaging, or names no patient. */
export function fromConsent(consent: Consent): ConsentRecord | undefined {
  const patient = fromReference(consent.patient)
  if (!patient || !isAboutMessaging(consent)) return undefined
  const provision = consent.provision
  const named = addressOf(consent)
  return {
    reference: referenceTo(consent),
    patient,
    active: consent.status === 'active',
    type: typeOf(consent),
    channel: channelOf(provision) ?? named?.channel,
    address: named?.address,
    purposes: purposesOf(provision),
    exceptions: (provision?.provision ?? []).filter((one) => one.type === 'deny').map(exceptionOf),
    period: { from: parseInstant(provision?.period?.start), until: parseInstant(provision?.period?.end) },
    decidedAt: decidedAt(consent),
    byStop: consent.policy?.some((one) => one.uri === policy.stopReply) ?? false,
    policy: consent.policy?.[0]?.uri,
  }
}

function isAboutMessaging(consent: Consent): boolean {
  return (
    hasCode(consent.category, system.consentCategory, 'messaging') ||
    (consent.provision?.class?.some((one) => one.code === 'Communication') ?? false)
  )
}

/** Anything that speaks of denying denies. */
function typeOf(consent: Consent): ConsentRecord['type'] {
  const out = hasCode(consent.policyRule, system.actCode, 'OPTOUT')
  return consent.provision?.type === 'permit' && !out ? 'permit' : 'deny'
}

function channelOf(provision: ConsentProvision | undefined): Channel | undefined {
  return (provision?.code ?? []).map(fromMedium).find((channel) => channel !== undefined)
}

function addressOf(consent: Consent): { channel: Channel; address: Address } | undefined {
  const value = consent.identifier?.find((one) => one.system === naming.consentAddress)?.value
  const [scheme, text] = [value?.split(':')[0], value?.slice((value.indexOf(':') ?? -1) + 1)]
  if (!isChannel(scheme) || !text) return undefined
  const parsed = parseAddress(scheme, text)
  // An address that nobody can read must never widen a permit to all addresses.
  return { channel: scheme, address: parsed.kind === 'address' ? parsed.address : (text as Address) }
}

function purposesOf(provision: ConsentProvision | undefined): Purpose[] {
  return (provision?.purpose ?? []).flatMap((one) => purposes.filter((purpose) => purpose === one.code))
}

function exceptionOf(provision: ConsentProvision): ConsentRecord['exceptions'][number] {
  const codes = codesIn(provision.code, system.messageCategory)
  return {
    purposes: purposesOf(provision),
    categories: codes.filter((code): code is MessageCategory =>
      messageCategories.includes(code as MessageCategory),
    ),
  }
}

/** A Consent without a time is the oldest there is: any dated one is later. */
function decidedAt(consent: Consent): ConsentRecord['decidedAt'] {
  const day = consent.dateTime?.length === 10 ? `${consent.dateTime}T00:00:00Z` : consent.dateTime
  return parseInstant(day) ?? parseInstant(consent.meta?.lastUpdated) ?? instant(0)
}

export function consentAddress(channel: Channel, address: Address): { system: string; value: string } {
  return { system: naming.consentAddress, value: `${channel}:${address}` }
}

/** A new record; `record.reference` is given by the server. */
export function toConsent(
  record: Omit<ConsentRecord, 'reference'> & { channel: Channel; address: Address },
): Consent {
  const permit = record.type === 'permit'
  return {
    resourceType: 'Consent',
    meta: { profile: [profile.messagingConsent] },
    identifier: [consentAddress(record.channel, record.address)],
    status: record.active ? 'active' : 'inactive',
    scope: concept(system.consentScope, 'patient-privacy', 'Privacy Consent'),
    category: [
      concept(system.loinc, '59284-0', 'Consent Document'),
      concept(system.consentCategory, 'messaging', 'Messaging consent'),
    ],
    patient: toReference(record.patient),
    dateTime: toIso(record.decidedAt),
    policy: [{ uri: record.policy ?? policy.messagingOptIn }],
    policyRule: permit
      ? concept(system.actCode, 'OPTIN', 'opt-in')
      : concept(system.actCode, 'OPTOUT', 'opt-out'),
    provision: {
      type: record.type,
      period: {
        start: toIso(record.period.from ?? record.decidedAt),
        ...(record.period.until && { end: toIso(record.period.until) }),
      },
      purpose: someOf(record.purposes.map((code) => ({ system: system.actReason, code }))),
      class: [{ system: system.resourceTypes, code: 'Communication', display: 'Communication' }],
      code: [toMedium(record.channel)],
      provision: someOf(record.exceptions.map(toException)),
    },
  }
}

function toException(exception: ConsentRecord['exceptions'][number]): ConsentProvision {
  return {
    type: 'deny',
    purpose: someOf(exception.purposes.map((code) => ({ system: system.actReason, code }))),
    code: someOf(present(exception.categories.map((code) => concept(system.messageCategory, code)))),
  }
}
