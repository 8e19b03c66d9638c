/** The guide under docs/profiles is written from the profiles, says something of each part, and its links lead somewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeGuide } from '../fhir-profiles/guide/write-guide.ts'
import { readGenerated } from './validation/definitions.ts'

const folder = new URL('../docs/profiles/', import.meta.url)
const guide = writeGuide()
const generated = readGenerated()
const whole = [...guide.values()].join('\n')

describe('the guide', () => {
  it('is fresh: if not, run npm run profiles:docs', () => {
    const committed = new Map(
      readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
    )
    const names = [...new Set([...guide.keys(), ...committed.keys()])]
    expect(names.filter((name) => guide.get(name) !== committed.get(name))).toEqual([])
  })

  it.each([...guide.keys()])('leads from %s only to places that exist', (name) => {
    const text = guide.get(name) ?? ''
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    const broken = links.filter(([, file, anchor]) => {
      const page = guide.get(file || name)
      return page === undefined || (anchor && !page.includes(`<a id="${anchor}">`))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('tells of every definition and shows every example', () => {
    const untold = generated.filter((one) =>
      'url' in one && typeof one.url === 'string'
        ? !whole.includes(one.url) && !whole.includes(`?${'code' in one ? one.code : ''}`)
        : !whole.includes(`${one.resourceType}/${one.id}`) && one.resourceType !== 'NamingSystem',
    )
    expect(untold.map(({ resourceType, id }) => `${resourceType}/${id}`)).toEqual([])
    const namings = generated.filter((one) => one.resourceType === 'NamingSystem')
    expect(
      namings.flatMap((one) => one.uniqueId.map(({ value }) => value)).every((one) => whole.includes(one)),
    ).toBe(true)
  })

  it('says in our words what every element that we must support is for', () => {
    const silent = generated.flatMap((one) =>
      one.resourceType !== 'StructureDefinition' || one.type === 'Extension'
        ? []
        : (one.differential?.element ?? [])
            .filter(({ mustSupport, slicing, short, type }) => {
              const isOurExtension = type?.[0]?.profile?.[0]?.startsWith('https://qasid.dev/')
              return mustSupport && !slicing && !short && !isOurExtension
            })
            .map(({ id }) => `${one.id} ${id}`),
    )
    expect(silent).toEqual([])
    // R4's words for an extension of which nothing is said.
    expect(whole).not.toContain('Additional content defined by implementations')
  })

  it('says what every profile is for', () => {
    const profiles = generated.filter(
      (one) => one.resourceType === 'StructureDefinition' && one.type !== 'Extension',
    )
    expect(profiles.filter((one) => !('purpose' in one && one.purpose)).map(({ id }) => id)).toEqual([])
  })
})
