/** The rooms of the house: who may import whom, and what may stand only in one place. */
import { describe, expect, it } from 'vitest'
import { providers } from '../src/providers/index.ts'
import { rooms } from './rooms.ts'
import { type Import, importsOf, readSource, readSources, type SourceFile } from './source-files.ts'

const sources = readSources('src', 'smart-app/src', 'sandbox', 'bench')
const others = readSources('test', 'fhir-profiles')

function roomOf(path: string): string | undefined {
  return Object.keys(rooms).find((room) => isWithin(path, room))
}

function isWithin(path: string, place: string): boolean {
  return place.endsWith('/') || place.endsWith(':') ? path.startsWith(place) : path === place
}

function mayImport(path: string, { to, isPackage, typeOnly }: Import): boolean {
  const name = roomOf(path)
  const room = name ? rooms[name] : undefined
  if (!name || !room) return false
  if (!isPackage && isWithin(to, name)) return true
  const allowed = isPackage ? room.packages : room.may
  return allowed.some((entry) => {
    const place = entry.replace(/^type:/, '')
    const fits = isWithin(to, place) || (isPackage && to.startsWith(`${place}/`))
    return fits && (typeOnly || !entry.startsWith('type:'))
  })
}

/** `path: what`, for every file that has it outside of where it may stand. */
function strays(what: RegExp, mayStandIn: string[], files: SourceFile[] = sources): string[] {
  return files
    .filter(({ path }) => !mayStandIn.some((place) => isWithin(path, place)))
    .flatMap(({ path, code }) => [...code.matchAll(what)].map(([found]) => `${path}: ${found.trim()}`))
}

describe('the import table', () => {
  it('gives every source a room', () => {
    expect(sources.filter(({ path }) => !roomOf(path)).map(({ path }) => path)).toEqual([])
    expect(sources.length).toBeGreaterThan(150)
  })

  it.each(Object.keys(rooms))('holds for %s', (room) => {
    const files = sources.filter(({ path }) => roomOf(path) === room)
    const broken = files.flatMap((file) =>
      file.imports.filter((one) => !mayImport(file.path, one)).map(({ to }) => `${file.path} imports ${to}`),
    )
    expect(files).not.toHaveLength(0)
    expect(broken).toEqual([])
  })

  it.each([
    ['src/domain/consent.ts', "import type { Consent } from 'fhir/r4'"],
    ['src/domain/consent.ts', "import { naming } from '../fhir/codes.ts'"],
    ['src/flows/sweep.ts', "import { createEmr } from '../emr/fhir-server.ts'"],
    ['src/http/live.ts', "import { createJobs } from '../queue/jobs.ts'"],
    ['src/http/live.ts', "import {\n  a,\n  type B,\n} from '../providers/provider.ts'"],
    ['src/http/live.ts', "const { a } = await import('../emr/fhir-server.ts')"],
    ['src/providers/sandbox.ts', "export * from '../flows/ports.ts'"],
    ['src/providers/sandbox.ts', "import express from 'express'"],
    ['src/compose/serve.ts', "import { Redis } from 'ioredis'"],
    ['src/compose/serve.ts', "import '../../sandbox/demo/main.ts'"],
    ['smart-app/src/main.tsx', "import { seal } from '../../src/seal.ts'"],
    ['sandbox/phones/carrier.ts', "import { countSegments } from '../../src/domain/segments.ts'"],
    ['bench/plain/plain-sender.ts', "import { naming } from '../../src/fhir/codes.ts'"],
    ['bench/rows/throughput.ts', "import { dispatchDue } from '../../src/flows/dispatch-due.ts'"],
    ['src/elsewhere/thing.ts', "import { z } from 'zod'"],
  ])('would see it if %s said: %s', (path, line) => {
    const found = importsOf(path, `const before = 1\n${line}\n`)
    expect(found).toHaveLength(1)
    expect(found.every((one) => mayImport(path, one))).toBe(false)
  })

  it('leads to files that exist, never in a circle', () => {
    const graph = new Map(
      sources.map(({ path, imports }) => [path, imports.filter(({ isPackage }) => !isPackage)]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (path: string, way: string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
      if (way.includes(path) || done.has(path)) return
      for (const { to } of graph.get(path) ?? []) walk(to, [...way, path])
      done.add(path)
    }
    for (const path of graph.keys()) walk(path, [])
    expect(circles).toEqual([])
    expect([...done].filter((path) => /\.tsx?$/.test(path) && !graph.has(path))).toEqual([])
  })
})

describe('what stands in one place only', () => {
  it.each<[string, RegExp, string[]]>([
    [
      'the environment',
      /process\.env\b/g,
      [
        'src/config.ts',
        'bench/',
        ...['emr/main.ts', 'phones/main.ts', 'demo/', 'provide/'].map((place) => `sandbox/${place}`),
      ],
    ],
    [
      'the clock',
      /Date\.now\b|new Date\(\s*\)|performance\.now\b|Temporal\.Now\b/g,
      ['src/compose/', 'smart-app/src/main.tsx', 'smart-app/src/launch/main.ts', 'sandbox/', 'bench/'],
    ],
    ['the console', /\bconsole\.\w+/g, ['src/log.ts', 'src/cli.ts', 'sandbox/', 'bench/']],
    ['Math.random', /Math\.random\b/g, []],
    [
      'sockets of providers',
      /from 'node:https?'/g,
      ['src/providers/departure.ts', 'src/compose/', 'sandbox/', 'bench/'],
    ],
  ])('%s', (_name, what, places) => {
    expect(strays(what, places)).toEqual([])
  })

  it('no clock, randomness, timer or network in decisions and translations', () => {
    const pure = sources.filter(({ path }) => /^src\/(domain|fhir|contract)\//.test(path))
    expect(strays(/\b(setTimeout|setInterval|fetch|randomUUID|getRandomValues)\(/g, [], pure)).toEqual([])
  })

  it('no state of a module: what changes is made by someone and handed on', () => {
    expect(strays(/^(export )?(let|var) .*$/gm, [])).toEqual([])
  })

  /** In comments too, where the word is not an ordinary one. */
  const companies: Record<string, RegExp> = {
    ...Object.fromEntries(providers.map(({ id }) => [id, new RegExp(`\\b${id}\\b`, 'i')])),
    // The word alone is FHIR's, zod's and everybody's.
    meta: /'meta'|\/meta\.ts'|\bMeta\b|graph\.facebook/,
  }
  const ordinary = ['sandbox', 'smtp']

  it.each(providers.map(({ id }) => id))('the name of the provider %s, in two files', (id) => {
    const names = ordinary.includes(id) ? new RegExp(`'${id}'|/${id}\\.ts'`) : (companies[id] as RegExp)
    const naming = readSources('src').filter(({ text }) => names.test(text))
    const [index, ...own] = naming.map(({ path }) => path).toSorted((a) => (a.endsWith('/index.ts') ? -1 : 1))
    expect(index).toBe('src/providers/index.ts')
    expect([[`src/providers/${id}.ts`], [`src/providers/${id}/${id}.ts`]]).toContainEqual(own)
  })

  it.each(providers.map(({ id }) => id))('the provider %s has a contract test', (id) => {
    expect(readSource(`test/contract/provider.${id}.test.ts`).code).toContain('describeProvider(')
  })
})

describe('how files read', () => {
  const all = [...sources, ...others]

  it('none is longer than 300 lines', () => {
    const long = all.filter(({ path }) => !path.includes('/generated/'))
    expect(long.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path)).toEqual([])
  })

  const nameless =
    /^(utils?|helpers?|common|shared|misc|lib|managers?|base|core|services?|handlers?|data|infos?)$/i

  it('none, and no folder, has a name that says nothing', () => {
    const parts = sources.flatMap(({ path }) => path.replace(/\.tsx?$/, '').split('/'))
    expect([...new Set(parts)].filter((part) => nameless.test(part))).toEqual([])
  })

  it('no export has a name that says nothing', () => {
    const exported = /^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm
    const names = sources.flatMap(({ path, code }) =>
      [...code.matchAll(exported)].map(([, name = '']) => ({ path, name })),
    )
    expect(names.length).toBeGreaterThan(300)
    expect(names.filter(({ name }) => nameless.test(name))).toEqual([])
  })

  it('files are in kebab-case, components in PascalCase, and each begins by saying what it is', () => {
    const odd = sources.filter(
      ({ path }) => !/\/([a-z0-9.-]+\.tsx?|[A-Z][A-Za-z]+\.tsx|use-[a-z-]+\.ts)$/.test(path),
    )
    expect(odd.map(({ path }) => path)).toEqual([])
    const silent = sources.filter(
      ({ path, text }) => !path.endsWith('.d.ts') && !/^(#!.*\n)?\/\*\*/.test(text),
    )
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('exports have names', () => {
    expect(strays(/export default\b/g, [])).toEqual([])
  })

  it('nothing is any, and no check is switched off', () => {
    const anywhere = /(?:[:<,|&]\s*|\bas |=> )any\b(?=[\s,;>)[\]|&=]|$)/m
    const spoken = /'(?:[^'\\\n]|\\.)*'|`[^`]*`/g
    expect(
      all.filter(({ code }) => anywhere.test(code.replace(spoken, "''"))).map(({ path }) => path),
    ).toEqual([])
    expect(anywhere.test('const a: any = b')).toBe(true)
    expect(anywhere.test('f(b as any)')).toBe(true)
    const switchedOff = new RegExp(`@ts-(${['ignore', 'nocheck', 'expect-error'].join('|')})`)
    expect(all.filter(({ text }) => switchedOff.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('no enum, namespace or parameter property, which Node cannot run', () => {
    expect(
      strays(
        /^\s*(export )?(const )?(enum|namespace) \w+|constructor\([^)]*\b(private|public|readonly) /gm,
        [],
      ),
    ).toEqual([])
  })
})
