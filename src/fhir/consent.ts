/**
 * Consent ↔ ConsentRecord. Reads leniently what is about messaging; writes exactly the profile `messaging-consent`.
 * What we cannot read of a foreign one never permits more than it says: a permit is then narrowed or not counted, a
 * denial holds for everything.
 */
import type { CodeableConcept, Consent, ConsentProvision } from 'fhir/r4'
import { type Address, parseAddress } from '../domain/address.ts'
import { type Channel, isChannel } from '../domain/channel.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import { messageCategories, type Purpose, purposes } from '../domain/message-request.ts'
import { type Instant, instant, toIso } from '../domain/time.ts'
import { naming, policy, profile, system } from './codes.ts'
import { codesIn, concept, hasCode, present, someOf } from './concept.ts'
import { endOf, startOf } from './date-time.ts'
import { fromMedium, toMedium } from './medium.ts'
import { fromReference, referenceTo, toReference } from './reference.ts'

/** `undefined` when the Consent was never in force, is not about our messages, or names no patient. */
export function fromConsent(consent: Consent): ConsentRecord | undefined {
  const patient = fromReference(consent.patient)
  const wasInForce = consent.status === 'active' || consent.status === 'inactive'
  if (!patient || !wasInForce || !isAboutMessaging(consent)) return undefined
  const { provision } = consent
  const type = typeOf(consent)
  const named = addressOf(consent)
  const channels = channelsOf(provision?.code)
  const allowed = purposesOf(provision)
  const isForOthers = isUnread(provision?.code, channels) || isUnread(provision?.purpose, allowed)
  if (type === 'permit' && (isForOthers || named === 'unread')) return undefined
  const place = named === 'unread' ? undefined : named
  return {
    reference: referenceTo(consent),
    patient,
    active: consent.status === 'active',
    type,
    channel: (type === 'deny' && channels.length > 1 ? undefined : channels[0]) ?? place?.channel,
    address: place?.address,
    purposes: allowed,
    exceptions: (provision?.provision ?? []).filter((one) => one.type !== 'permit').map(exceptionOf),
    period: periodOf(provision),
    decidedAt: decidedAt(consent, type),
    byStop: consent.policy?.some((one) => one.uri === policy.stopReply) ?? false,
    policy: consent.policy?.[0]?.uri,
  }
}

/** It names some, and we know none of them: telephone calls, research … */
function isUnread(written: unknown[] | undefined, read: unknown[]): boolean {
  return (written?.length ?? 0) > 0 && read.length === 0
}

function isAboutMessaging(consent: Consent): boolean {
  return (
    hasCode(consent.category, system.consentCategory, 'messaging') ||
    (consent.provision?.class?.some((one) => one.code === 'Communication') ?? false)
  )
}

/** Anything that speaks of denying denies. R4 wants no type on the outermost provision: then the policy rule says it. */
function typeOf({ policyRule, provision }: Consent): ConsentRecord['type'] {
  if (hasCode(policyRule, system.actCode, 'OPTOUT') || provision?.type === 'deny') return 'deny'
  return provision?.type === 'permit' || hasCode(policyRule, system.actCode, 'OPTIN') ? 'permit' : 'deny'
}

function channelsOf(codes: CodeableConcept[] | undefined): Channel[] {
  return [...new Set(present((codes ?? []).map(fromMedium)))]
}

function addressOf(consent: Consent): { channel: Channel; address: Address } | 'unread' | undefined {
  const value = consent.identifier?.find((one) => one.system === naming.consentAddress)?.value
  if (value === undefined) return undefined
  const [scheme, text] = [value.split(':')[0], value.slice(value.indexOf(':') + 1)]
  if (!isChannel(scheme) || !text) return 'unread'
  const parsed = parseAddress(scheme, text)
  // An address that nobody can read must never widen a permit to all addresses.
  return { channel: scheme, address: parsed.kind === 'address' ? parsed.address : (text as Address) }
}

function purposesOf(provision: ConsentProvision | undefined): Purpose[] {
  return (provision?.purpose ?? []).flatMap((one) => purposes.filter((purpose) => purpose === one.code))
}

function exceptionOf(provision: ConsentProvision): ConsentRecord['exceptions'][number] {
  const codes = codesIn(provision.code, system.messageCategory)
  const categories = messageCategories.filter((category) => codes.includes(category))
  const namesNone = categories.length === 0 && !provision.purpose?.length
  return {
    purposes: purposesOf(provision),
    // It leaves out something that we cannot tell apart, a channel or a person: then everything.
    categories: namesNone ? [...messageCategories] : categories,
  }
}

function periodOf(provision: ConsentProvision | undefined): ConsentRecord['period'] {
  const { start, end } = provision?.period ?? {}
  return {
    from: startOf(start),
    // An end that nobody can read is over.
    until: end === undefined ? undefined : (endOf(end) ?? instant(0)),
  }
}

/**
 * A permit without a time is the oldest there is: any dated decision is later, however often it was saved since. Where only the day is known, a denial is
 * taken to be later than a permit of that day.
 */
function decidedAt({ dateTime, meta }: Consent, type: ConsentRecord['type']): Instant {
  const dayOnly = /^\d{4}-\d\d-\d\d$/.test(dateTime ?? '')
  const at = dayOnly ? `${dateTime}T${type === 'deny' ? '23:59:59' : '00:00:00'}Z` : dateTime
  return startOf(at) ?? (type === 'deny' ? startOf(meta?.lastUpdated) : undefined) ?? instant(0)
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
      : // The system itself misspells how this code is displayed.
        concept(system.actCode, 'OPTOUT'),
    provision: {
      type: record.type,
      period: {
        start: toIso(record.period.from ?? record.decidedAt),
        ...(record.period.until !== undefined && { end: toIso(record.period.until) }),
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
