/** What `generated/` holds, by kind, and where in the guide each of it is told: links stand on this alone. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource, StructureDefinition } from 'fhir/r4'

const generated = join(import.meta.dirname, '..', 'generated')

export type Kind = FhirResource['resourceType']
export type OfKind<K extends Kind> = Extract<FhirResource, { resourceType: K }>

export interface Definitions {
  all<K extends Kind>(kind: K): OfKind<K>[]
  profiles: StructureDefinition[]
  extensions: StructureDefinition[]
  /** Those that claim this profile. */
  examplesOf(profile: StructureDefinition): FhirResource[]
  /** A link to what a canonical URL names, where it is ours; else its last word as code. */
  link(url: string): string
}

export function readDefinitions(): Definitions {
  const resources = readdirSync(generated)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(generated, name), 'utf8')) as FhirResource)
  const all = <K extends Kind>(kind: K) =>
    resources.filter((one): one is OfKind<K> => one.resourceType === kind)
  const structures = all('StructureDefinition')
  const places = new Map(resources.flatMap(placeOf))
  return {
    all,
    profiles: structures.filter(({ type }) => type !== 'Extension'),
    extensions: structures.filter(({ type }) => type === 'Extension'),
    examplesOf: ({ url }) => resources.filter(({ meta }) => meta?.profile?.includes(url)),
    link(url) {
      const [canonical = ''] = url.split('|')
      const place = places.get(canonical)
      return place ? `[${place.title}](${place.to})` : `\`${lastWord(canonical)}\``
    },
  }
}

function placeOf(resource: FhirResource): [string, { title: string; to: string }][] {
  if (resource.resourceType === 'NamingSystem')
    return resource.uniqueId.map(({ value }) => [value, { title: lastWord(value), to: 'naming-systems.md' }])
  if (!('url' in resource) || typeof resource.url !== 'string') return []
  const { url, id = '' } = resource
  switch (resource.resourceType) {
    case 'StructureDefinition': {
      const title = resource.title ?? resource.name
      return [[url, { title, to: resource.type === 'Extension' ? `extensions.md#${id}` : `${id}.md` }]]
    }
    case 'ValueSet':
      return [[url, { title: resource.title ?? id, to: `terminology.md#value-set-${id}` }]]
    case 'CodeSystem':
      return [[url, { title: resource.title ?? id, to: `terminology.md#code-system-${id}` }]]
    case 'CapabilityStatement':
      return [[url, { title: resource.title ?? id, to: `servers.md#${id}` }]]
    default:
      return []
  }
}

function lastWord(url: string): string {
  return url.split('/').at(-1) ?? url
}
