/** Patient → Person. */
import type { ContactPoint, Patient } from 'fhir/r4'
import { parseAddress } from '../domain/address.ts'
import type { Channel } from '../domain/channel.ts'
import type { AddressOnFile, Person } from '../domain/person.ts'
import { instant, isZone } from '../domain/time.ts'
import { endOf } from './date-time.ts'
import { referenceTo } from './reference.ts'
import { zoneExtension } from './zone.ts'

/** `country` (ISO 3166 alpha-2) helps phone numbers that are written without one. */
export function fromPatient(patient: Patient, country?: string): Person {
  return {
    reference: referenceTo(patient),
    name: nameOf(patient),
    birthDate: patient.birthDate,
    preferredLanguages: languagesOf(patient),
    active: patient.active !== false && !patient.link?.some((link) => link.type === 'replaced-by'),
    deceased: patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined,
    restricted: patient.meta?.security?.some((label) => label.code === 'R' || label.code === 'V') ?? false,
    addresses: addressesOf(patient, country),
    ...zoneOf(patient),
  }
}

/** The patient's own, else that of the home, else of any other address in use. */
function zoneOf(patient: Patient): Pick<Person, 'zone'> {
  const lived = (patient.address ?? []).filter(({ use }) => use !== 'old' && use !== 'billing')
  const homeFirst = lived.toSorted((a, b) => Number(b.use === 'home') - Number(a.use === 'home'))
  const zone = [patient, ...homeFirst].map(zoneExtension).find(isZone)
  return zone ? { zone } : {}
}

function nameOf(patient: Patient): Person['name'] {
  const names = patient.name ?? []
  const name =
    names.find((one) => one.use === 'official') ?? names.find((one) => one.use !== 'old') ?? names[0]
  const given = name?.given?.[0] ?? name?.text ?? name?.family ?? ''
  return { full: name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' '), given }
}

function languagesOf(patient: Patient): string[] {
  const preferred = (patient.communication ?? []).toSorted(
    (a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false),
  )
  return preferred.flatMap((one) => (one.language?.coding ?? []).flatMap((coding) => coding.code ?? []))
}

function addressesOf(patient: Patient, country?: string): AddressOnFile[] {
  return (patient.telecom ?? [])
    .filter((telecom) => telecom.value && telecom.use !== 'old')
    .flatMap((telecom) => channelsOf(telecom).map((channel) => addressOnFile(telecom, channel, country)))
    .toSorted((a, b) => a.rank - b.rank)
}

function channelsOf(telecom: ContactPoint): Channel[] {
  if (telecom.system === 'phone') return ['sms', 'whatsapp']
  if (telecom.system === 'sms') return ['sms']
  return telecom.system === 'email' ? ['email'] : []
}

function addressOnFile(telecom: ContactPoint, channel: Channel, country?: string): AddressOnFile {
  return {
    channel,
    parsed: parseAddress(channel, telecom.value ?? '', country),
    validUntil: validUntil(telecom),
    noNotifications: saysNoNotifications(telecom),
    // Among numbers of equal rank, the one said to be a mobile comes first.
    rank: (telecom.rank ?? 99) + (telecom.use === 'mobile' ? 0 : 0.5),
  }
}

/** An end that nobody can read is over: better no message than one to whoever has the number now. */
function validUntil({ period }: ContactPoint): AddressOnFile['validUntil'] {
  return period?.end === undefined ? undefined : (endOf(period.end) ?? instant(0))
}

function saysNoNotifications(telecom: ContactPoint): boolean {
  return (
    telecom.extension?.some(
      (one) => one.url.endsWith('telecom-notification') && one.valueBoolean === false,
    ) ?? false
  )
}
