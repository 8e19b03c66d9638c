/** Our own definitions, as they are generated from fhir-profiles, written beside an install's records and taken back. */
import { readdir, readFile } from 'node:fs/promises'
import type { CapabilityReport, ReportRow } from '../../domain/capability-report.ts'
import type { InstallEnd } from '../../flows/install-host.ts'
import { type Definition, publishDefinitions, rowOfDefinitions } from '../../flows/publish-definitions.ts'
import type { InstallingParts, InstallStory } from './installing.ts'
import type { Given } from './usage.ts'

const folder = new URL('../../../fhir-profiles/generated/', import.meta.url)
/** An order in which each stands on those before it. */
const types = ['CodeSystem', 'ValueSet', 'NamingSystem', 'StructureDefinition']

export interface Written {
  rows: ReportRow[]
  /** What the install wrote, now and before. */
  all: string[]
  undo(): Promise<void>
}

/** `before`: what an install wrote the last time. */
export async function publish(
  { err }: Pick<InstallingParts, 'err'>,
  story: InstallStory,
  { host, store = host }: Extract<InstallEnd, { kind: 'examined' }>,
  given: Given,
  before: string[],
): Promise<Written> {
  if (given.values['no-profiles']) return { rows: [], all: before, undo: async () => {} }
  err('writing profiles and codes')
  const emr = story.emrOf(store.place)
  const { statement, granted } = store
  const definitions = await readDefinitions(given.values['search-parameters'] === true)
  const published = await publishDefinitions(emr, { definitions, statement, ...(granted && { granted }) })
  return {
    rows: [rowOfDefinitions(published)],
    all: [...before, ...published.made.filter((one) => !before.includes(one))],
    async undo() {
      for (const one of published.made) await emr.remove(one).catch(() => false)
    },
  }
}

/** Search parameters only where they are wished for: a server may index all that it holds anew for them. */
async function readDefinitions(withSearchParameters: boolean): Promise<Definition[]> {
  const wanted = withSearchParameters ? [...types, 'SearchParameter'] : types
  const names = (await readdir(folder)).filter((name) => wanted.some((type) => name.startsWith(`${type}-`)))
  const texts = await Promise.all(names.sort().map((name) => readFile(new URL(name, folder), 'utf8')))
  const definitions = texts.map((text) => JSON.parse(text) as Definition)
  return definitions.toSorted((a, b) => wanted.indexOf(a.resourceType) - wanted.indexOf(b.resourceType))
}

/** For a report that writes nothing: what the last install said of them. */
export function profilesRow(last: Partial<CapabilityReport> | undefined): ReportRow[] {
  return (last?.rows ?? []).filter(({ need }) => need === 'profiles')
}
