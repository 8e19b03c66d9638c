/** `docs/smart.md` promises tests by name: each is where it says. And two traps that only the whole shows. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSources } from './source-files.ts'

const here = new URL('..', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, here), 'utf8')

const rows = read('docs/smart.md')
  .split('\n')
  .flatMap((line) => {
    const [, trap = '', file = '', test = ''] = line.split('|').map((cell) => cell.trim())
    return file.startsWith('test/') ? [{ trap, file, test }] : []
  })

describe('the traps of SMART on FHIR', () => {
  it('are many', () => {
    expect(rows.length).toBeGreaterThan(45)
  })

  it.each(rows)('$trap: $test ($file)', ({ file, test }) => {
    const source = read(file)
    expect([`'${test}'`, `"${test}"`, `\`${test}\``].some((name) => source.includes(name))).toBe(true)
  })
})

describe('what we install', () => {
  it('brings no framework for phones', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> }
    const names = Object.keys(packages)
    expect(names).toContain('node_modules/fhirclient')
    expect(names.filter((name) => /node_modules\/(expo|react-native|@expo\/.*)$/.test(name))).toEqual([])
  })
})

describe('the app', () => {
  it('keeps nothing beyond the tab but the language', () => {
    const files = readSources('smart-app/src')
    const places = files.flatMap(({ path, code }) =>
      [...code.matchAll(/localStorage\.\w+\(([^,)]*)/g)].map(([, key = '']) => `${path}: ${key}`),
    )
    expect(places.length).toBeGreaterThan(0)
    expect(places.filter((place) => !/(rememberedLanguage|'qasid\.language')$/.test(place))).toEqual([])
    const others = /document\.cookie|indexedDB|cookieStore|caches\.open|localStorage(?!\.[gs]etItem\()/
    expect(files.filter(({ code }) => others.test(code)).map(({ path }) => path)).toEqual([])
  })
})
