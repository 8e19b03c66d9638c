/** Settings and templates as the store holds them, kept for some seconds: every job asks, few of them find a change. */
import type { ClinicSettings } from '../domain/settings.ts'
import type { Template } from '../domain/template.ts'
import { type Duration, second } from '../domain/time.ts'
import { fromBasic, settingsIdentifier } from '../fhir/settings.ts'
import { fromActivityDefinition, splitCanonical } from '../fhir/template.ts'
import { type ClinicShelf, type Clock, type Emr, EmrError } from './ports.ts'

const keptFor: Duration = 10 * second

export function createClinicShelf(install: string, store: Emr, now: Clock): ClinicShelf {
  const { get: settings } = keep(now, () => readSettings(install, store))
  const { get: templates, forget: forgetTemplates } = keep(now, () => readTemplates(store))
  return {
    settings,
    forgetTemplates,
    async templateByName(name) {
      const named = (await templates()).filter((template) => template.name === name)
      return named.toSorted((a, b) => compareVersions(b.version, a.version))[0]
    },
    async templateByCanonical(canonical) {
      const { url, version } = splitCanonical(canonical)
      return (await templates()).find((one) => one.url === url && (!version || one.version === version))
    },
  }
}

/** One read at a time; a failed one is forgotten at once. */
function keep<T>(now: Clock, read: () => Promise<T>): { get(): Promise<T>; forget(): void } {
  let kept: { until: number; value: Promise<T> } | undefined
  const forget = () => {
    kept = undefined
  }
  const get = () => {
    if (!kept || kept.until <= now()) {
      const value = read()
      kept = { until: now() + keptFor, value }
      value.catch(forget)
    }
    return kept.value
  }
  return { get, forget }
}

/** Settings that are missing or odd stop every decision: nothing is planned or sent by guesswork. */
async function readSettings(install: string, store: Emr): Promise<ClinicSettings> {
  const { system, value } = settingsIdentifier(install)
  const [found] = await store.search('Basic', { identifier: `${system}|${value}` }, { limit: 1 })
  if (!found) throw new EmrError(`the settings of install ${install} are not in the store`)
  const parsed = fromBasic(found)
  if (parsed.kind === 'refused')
    throw new EmrError(`the settings of install ${install} are odd: ${parsed.faults.join('; ')}`)
  return parsed.settings
}

async function readTemplates(store: Emr): Promise<Template[]> {
  const found = await store.search('ActivityDefinition', { status: 'active' })
  return found.flatMap((resource) => fromActivityDefinition(resource) ?? [])
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
