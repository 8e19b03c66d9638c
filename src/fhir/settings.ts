/** Clinic settings ↔ Basic: one per store, so that every change has a version, an author and a way back. */
import type { Basic } from 'fhir/r4'
import { type ClinicSettings, type ParsedSettings, parseSettings } from '../domain/settings.ts'
import { extension, naming, profile, system } from './codes.ts'
import { concept, extensionOf } from './concept.ts'

/** Settings of the install are found by this identifier. */
export function settingsIdentifier(install: string): { system: string; value: string } {
  return { system: naming.settings, value: install }
}

export function fromBasic(resource: Basic): ParsedSettings {
  const text = extensionOf(resource, extension.settingsContent)?.valueString
  try {
    return parseSettings(JSON.parse(text ?? ''))
  } catch {
    return { kind: 'refused', faults: ['settings: the resource holds no JSON'] }
  }
}

export function toBasic(install: string, settings: ClinicSettings, now: string): Basic {
  return {
    resourceType: 'Basic',
    meta: { profile: [profile.settings] },
    extension: [{ url: extension.settingsContent, valueString: JSON.stringify(settings) }],
    identifier: [settingsIdentifier(install)],
    code: concept(system.qasid, 'settings', 'Clinic settings'),
    created: now.slice(0, 10),
  }
}
