/** How a page names and describes people. */
import type { HumanName, Patient, Practitioner } from 'fhir/r4'

export function displayName(person: { name?: HumanName[] } | undefined): string {
  const name = person?.name?.find(({ use }) => use === 'official') ?? person?.name?.[0]
  if (!name) return 'Unnamed'
  return name.text ?? [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(' ')
}

export function initials(person: Patient | Practitioner): string {
  const words = displayName(person).split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
}

/** Full years on that day (`2026-11-20`). */
export function ageOn(day: string, birthDate: string | undefined): number | undefined {
  if (!birthDate || !/^\d{4}/.test(birthDate)) return undefined
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' })

/** `Arabic (preferred), English`. */
export function languagesOf(patient: Patient): string {
  const languages = (patient.communication ?? []).map(({ language, preferred }) => {
    const name = languageName(language.coding?.[0]?.code) ?? language.text ?? 'Unknown'
    return preferred && (patient.communication?.length ?? 0) > 1 ? `${name} (preferred)` : name
  })
  return languages.join(', ')
}

function languageName(tag: string | undefined): string | undefined {
  try {
    return tag ? languageNames.of(tag) : undefined
  } catch {
    return tag
  }
}
