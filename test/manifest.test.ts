/** plugin.manifest.json is what hosts install from: valid, true to the code, and no wider than the code needs. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import packageText from '../package.json' with { type: 'json' }
import manifestText from '../plugin.manifest.json' with { type: 'json' }
import { loadManifest } from '../src/compose/deployment.ts'
import { clinicSettings } from '../src/domain/settings.ts'
import { profile } from '../src/fhir/codes.ts'
import { webRoutes } from '../src/http/web.ts'
import { invent } from './http/web-under-test.ts'
import { readSources, type SourceFile } from './source-files.ts'

const manifest = manifestText
const [app] = manifest.smart.apps
const [worker] = manifest.smart.services
const schema = JSON.parse(
  readFileSync(new URL('schemas/plugin.manifest.schema.json', import.meta.url), 'utf8'),
)

function faults(given: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  validate(given)
  return (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`)
}

describe('the manifest', () => {
  it('is valid as packaged', () => {
    expect(faults(manifest)).toEqual([])
    expect(manifest.baseUrl).toBe('{baseUrl}')
  })

  it.each([
    'https://qasid.clinic.example',
    'http://localhost:8080',
  ])('is valid as served at %s', async (base) => {
    const served = await loadManifest(base)
    expect(faults(served)).toEqual([])
    expect(served).toEqual({ ...manifest, baseUrl: base })
  })

  it('would be refused by the schema if it were wrong', () => {
    expect(faults({ ...manifest, baseUrl: 'http://qasid.example' })).not.toEqual([])
    expect(faults({ ...manifest, more: 1 })).not.toEqual([])
  })

  it('names the same program as the package', () => {
    const { version, license } = packageText
    expect(manifest).toMatchObject({ version, license, id: 'dev.qasid.messaging' })
  })

  it('declares every profile that we write', () => {
    expect([...manifest.fhir.profiles].sort()).toEqual(Object.values(profile).sort())
  })
})

describe('its settings form', () => {
  it('is the schema that settings are checked by', () => {
    expect(manifest.settings.schema).toEqual(z.toJSONSchema(clinicSettings, { io: 'input' }))
  })

  it('is a JSON Schema that takes a clinic’s settings and refuses odd ones', () => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    const validate = ajv.compile(manifest.settings.schema)
    const settings = {
      ...{ clinic: 'Sample Clinic', organization: 'Organization/sample', zone: 'Asia/Dubai', country: 'AE' },
      ...{ language: 'ar', rules: [], remindChangesSince: '2026-11-20T08:00:00Z' },
    }
    expect(validate(settings)).toBe(true)
    expect(validate({ ...settings, language: 'Arabic' })).toBe(false)
    expect(validate({ ...settings, more: 1 })).toBe(false)
  })
})

describe('its paths', () => {
  const routes = webRoutes(invent().parts)
  const isRoute = (wanted: string) => routes.some(({ method, path }) => `${method} ${path}` === wanted)
  const { endpoints, subscriptions } = manifest

  it.each([
    ...Object.entries(endpoints),
    ['launch', app?.launchPath ?? ''],
    ...(app?.redirectPaths ?? []).map((path) => ['redirect', path]),
  ])('%s, %s, is answered', (_what, path) => {
    expect(isRoute(`get ${path}`)).toBe(true)
  })

  it.each(
    subscriptions.map((one) => [one.key, one] as const),
  )('the Subscription %s is heard in every way that hosts call', (_key, {
    notifyPath,
    resource,
    criteria,
  }) => {
    for (const method of ['post', 'put', 'delete'])
      expect(isRoute(`${method} ${notifyPath}/:install/:key{/*path}`)).toBe(true)
    expect(criteria.split('?')[0]).toBe(resource)
  })

  it('and keys are told apart', () => {
    for (const list of [
      manifest.smart.apps,
      manifest.smart.services,
      subscriptions,
      manifest.fhir.resources,
    ]) {
      const keys = list.map((one) => ('key' in one ? one.key : one.type))
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
})

type Letter = 'c' | 'r' | 'u' | 'd' | 's'
const letters = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' } as const

/** `Patient.r`, `Patient.s` … each once. */
function granted(...scopes: (readonly string[] | undefined)[]): string[] {
  const found = scopes
    .flatMap((list) => list ?? [])
    .flatMap((scope) => {
      const [, type, what = ''] = /^\w+\/(\w+)\.([cruds]+)$/.exec(scope) ?? []
      return type ? [...what].map((letter) => `${type}.${letter}`) : []
    })
  return [...new Set(found)].sort()
}

/** What the code of a side calls, read from the type that stands in each call. */
function called(files: SourceFile[], patterns: [RegExp, Letter[]][]): string[] {
  const found = files.flatMap(({ code }) =>
    patterns.flatMap(([pattern, does]) =>
      [...code.matchAll(pattern)].flatMap(([, type]) => does.map((letter) => `${type}.${letter}`)),
    ),
  )
  return [...new Set(found)].sort()
}

const written = readSources('src/fhir').flatMap(({ code }) =>
  [...code.matchAll(/resourceType: '(\w+)'/g)].map(([, type = '']) => type),
)

describe('the worker’s scopes', () => {
  const may = granted(worker?.scopes.v2, worker?.optionalScopes.v2)
  const does = [
    ...called(readSources('src/flows', 'src/emr', 'src/compose'), [
      [/\.read\(\s*'(\w+)'/g, ['r']],
      [/\.search\(\s*'(\w+)'/g, ['s']],
      [/\bamend\(\s*[\w.]+,\s*'(\w+)'/g, ['r', 'u']],
    ]),
    ...written.map((type) => `${type}.c`),
  ]

  it('let it do everything that the code does', () => {
    expect(does.length).toBeGreaterThan(20)
    expect(does).toContain('Appointment.u')
    expect([...new Set(does)].filter((one) => !may.includes(one))).toEqual([])
  })

  it('are given for a use that the manifest explains', () => {
    const explained = manifest.fhir.resources
      .filter(({ by }) => by.includes('worker'))
      .flatMap(({ type, interactions }) =>
        interactions.map((one) => `${type}.${letters[one as keyof typeof letters]}`),
      )
    const certain = granted(worker?.scopes.v2)
    expect(certain.filter((one) => !explained.includes(one))).toEqual([])
    expect(explained.filter((one) => !certain.includes(one))).toEqual([])
  })

  it('never reach the whole record', () => {
    const all = [worker, app].flatMap((one) => [...(one?.scopes.v2 ?? []), ...(one?.scopes.v1 ?? [])])
    const wide = all.filter((scope) => /\*|\.[crus]*ds?$/.test(scope) && !scope.endsWith('.read'))
    // What we made to be called ourselves is taken back when we leave.
    expect(wide).toEqual(['system/Subscription.cruds'])
  })
})

describe('the app’s scopes', () => {
  const may = granted(app?.scopes.v2)
  const does = called(readSources('smart-app/src'), [
    [/\.read<(\w+)>\(/g, ['r']],
    [/\.search<(\w+)>\(/g, ['s']],
  ])
  it('let it do everything that the code does', () => {
    expect(does.length).toBeGreaterThan(5)
    expect(does.filter((one) => !may.includes(one))).toEqual([])
    expect(may).toContain('CommunicationRequest.c')
  })

  it('write nothing but requests: all else is the worker’s', () => {
    expect(may.filter((one) => /\.[cud]$/.test(one))).toEqual(['CommunicationRequest.c'])
  })
})

describe('scopes of SMART v1', () => {
  const read: Letter[] = ['r', 's']
  it.each([
    ['app', app?.scopes],
    ['worker', worker?.scopes],
    ['worker, optional', worker?.optionalScopes],
  ])('say for the %s the same as those of v2', (_whose, scopes) => {
    const inV1 = (scope: string) => {
      const [who, what = ''] = scope.split('.')
      if (!what) return [scope]
      const reads = [...what].some((letter) => read.includes(letter as Letter))
      const writes = [...what].some((letter) => !read.includes(letter as Letter))
      return [...(reads ? [`${who}.read`] : []), ...(writes ? [`${who}.write`] : [])]
    }
    expect(scopes?.v1).toEqual(scopes?.v2.flatMap(inV1))
  })
})
