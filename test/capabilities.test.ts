/** What we say that we need of a host and of a store is what the manifest asks for and what the program calls. */
import { evalFhirPath, globalSchema } from '@medplum/core'
import type { FhirResource, SearchParameter } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import manifest from '../plugin.manifest.json' with { type: 'json' }
import { profile } from '../src/fhir/codes.ts'
import { readSources } from './source-files.ts'
import { indexR4, readGenerated } from './validation/definitions.ts'
import {
  anywhereIn,
  expectationOf,
  readNeeds,
  readStatement,
  resourcesOf,
  type Whose,
} from './validation/needs.ts'

indexR4()
const both: Whose[] = ['host', 'store']
const all = both.flatMap((whose) =>
  resourcesOf(readStatement(whose)).map((resource) => ({ whose, resource })),
)
const letters: Record<string, string> = {
  ...{ c: 'create', r: 'read', u: 'update', d: 'delete', s: 'search-type' },
}

/** `Patient read`, each once. */
function granted(): string[] {
  const scopes = [...manifest.smart.apps, ...manifest.smart.services].flatMap((one) => [
    ...one.scopes.v2,
    ...('optionalScopes' in one ? one.optionalScopes.v2 : []),
  ])
  const found = scopes.flatMap((scope) => {
    const [, type, what = ''] = /^\w+\/(\w+)\.([cruds]+)$/.exec(scope) ?? []
    return type ? [...what].map((letter) => `${type} ${letters[letter]}`) : []
  })
  return [...new Set(found)].sort()
}

describe('what we need of servers', () => {
  it('is what the manifest has scopes for', () => {
    const needed = all.flatMap(({ resource }) =>
      (resource.interaction ?? []).map(({ code }) => `${resource.type} ${code}`),
    )
    expect([...new Set(needed)].sort()).toEqual(granted())
  })

  it.each(
    manifest.fhir.resources.map((one) => [one.type, one.ifMissing, one.interactions] as const),
  )('says of %s, where it is missing, what the manifest says: %s', (type, ifMissing, interactions) => {
    const whose = ifMissing === 'local-store' ? 'store' : 'host'
    const strength = ['refuse-install', 'local-store'].includes(ifMissing) ? 'SHALL' : 'SHOULD'
    const found = all.find((one) => one.whose === whose && one.resource.type === type)
    const certain = (found?.resource.interaction ?? []).filter((one) => expectationOf(one) === strength)
    const codes = interactions.map((one) => (one === 'search' ? 'search-type' : one))
    expect(certain.map(({ code }) => code)).toEqual(expect.arrayContaining(codes))
  })

  it('is said with an expectation, and nothing needs what may not be searched', () => {
    const silent = all.flatMap(({ whose, resource }) =>
      [...(resource.interaction ?? []), ...(resource.searchParam ?? [])]
        .filter((one) => !expectationOf(one))
        .map((one) => `${whose} ${resource.type} ${'name' in one ? one.name : one.code}`),
    )
    expect(silent).toEqual([])
    const odd = all.filter(
      ({ resource }) =>
        resource.searchParam &&
        !resource.conditionalCreate &&
        !resource.interaction?.some(({ code }) => code === 'search-type'),
    )
    expect(odd.map(({ resource }) => resource.type)).toEqual([])
  })

  it.each(
    all.map(({ whose, resource }) => [whose, resource.type, resource.searchParam ?? []] as const),
  )('asks the %s for %s only by parameters of R4 itself', (_whose, type, parameters) => {
    const known = globalSchema.types[type]?.searchParams ?? {}
    expect(parameters.map(({ name, type: kind }) => [name, kind])).toEqual(
      parameters.map(({ name }) => [name, known[name]?.type]),
    )
  })

  it('names every profile that we write', () => {
    const named = all.flatMap(({ resource }) => resource.supportedProfile ?? [])
    expect(named.sort()).toEqual(Object.values(profile).sort())
  })
})

describe('what the program asks', () => {
  const sources = readSources('src/flows', 'src/compose', 'src/emr')
  const asked = sources.flatMap(({ path, code }) =>
    [...code.matchAll(/\b(host|store)\s*\.(read|search)\(\s*'(\w+)'/g)].map(([, whose, what, type]) => ({
      whose: whose as Whose,
      type: type ?? '',
      interaction: what === 'read' ? ('read' as const) : ('search-type' as const),
      where: path,
    })),
  )

  it('of the host is what we need of a host, and of the store what we need of a store', () => {
    expect(asked.length).toBeGreaterThan(40)
    // A Subscription is asked for by a part that calls any server a store.
    const odd = asked.filter(
      ({ whose, type, interaction, where }) =>
        !where.endsWith('/subscriptions.ts') && readNeeds(whose).refuse(type, interaction),
    )
    expect(odd).toEqual([])
  })

  it('is asked by every parameter that is named: none is needed for nothing', () => {
    const code = readSources('src/flows', 'src/emr', 'src/fhir', 'smart-app/src/chart').map((one) => one.code)
    const text = code.join('\n')
    const named = [
      ...all.flatMap(({ resource }) => (resource.searchParam ?? []).map(({ name }) => name)),
      ...both.flatMap((whose) => anywhereIn(readStatement(whose))),
    ]
    const isUsed = (name: string) => new RegExp(`['"?]?(?<![\\w-])${name}(:not)?['"]?(:|=|[,}' ])`).test(text)
    expect([...new Set(named)].filter((name) => !isUsed(name))).toEqual([])
  })

  it('would be refused if it were more', () => {
    const needs = readNeeds('host', 'store')
    expect(needs.refuse('Communication', 'search-type', ['identifier', '_sort'])).toBeUndefined()
    expect(needs.refuse('Communication', 'search-type', ['topic'])).toContain('Communication?topic')
    expect(needs.refuse('Observation', 'read')).toContain('read of Observation')
    expect(readNeeds('host').refuse('Task', 'read')).toContain('read of Task')
  })
})

describe('the search parameters of our own', () => {
  const generated = readGenerated()
  const own = generated.filter((one) => one.resourceType === 'SearchParameter')

  function valuesIn(code: string, id: string): unknown[] {
    const parameter = own.find((one) => one.code === code) as SearchParameter
    const resource = generated.find((one) => one.id === id) as FhirResource
    return evalFhirPath(parameter.expression ?? '', resource as Parameters<typeof evalFhirPath>[1])
  }

  it.each<[string, string, unknown[]]>([
    ['delivery-state', 'attempt-delivered', ['delivered']],
    ['delivery-sender', 'attempt-delivered', ['clinic-sms']],
    [
      'contact-point',
      'patient-message-confirm',
      [
        { system: 'sms', value: '+15555550123' },
        { system: 'sms', value: '+15550100001' },
      ],
    ],
    [
      'send-window',
      'request-reminder-active',
      [{ start: '2026-11-20T05:00:00Z', end: '2026-11-21T09:00:00Z' }],
    ],
    ['template', 'request-reminder-active', ['https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1']],
  ])('%s finds what it is for in %s', (code, id, found) => {
    expect(valuesIn(code, id)).toEqual(found)
  })

  it('are each tried, and none is asked for', () => {
    expect(own).toHaveLength(5)
    const needed = all.flatMap(({ resource }) =>
      (resource.searchParam ?? []).map(({ name }) => `${resource.type} ${name}`),
    )
    const asked = own.flatMap(({ code, base }) => base.map((type) => `${type} ${code}`))
    expect(asked.filter((one) => needed.includes(one))).toEqual([])
  })
})
