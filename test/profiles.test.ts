/** The profiles are the law: they accept what they describe, refuse what breaks it, and use the program's own words. */
import type { CodeSystem, FhirResource, ValueSet } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { channels } from '../src/domain/channel.ts'
import { replyIntents } from '../src/domain/keywords.ts'
import { messageCategories, purposes } from '../src/domain/message-request.ts'
import { reasons } from '../src/domain/reason.ts'
import { extension, naming, profile, qasid, system } from '../src/fhir/codes.ts'
import { taskCodes } from '../src/fhir/task.ts'
import { providers } from '../src/providers/index.ts'
import { createValidator } from './fhir-validator.ts'
import { readGenerated } from './validation/definitions.ts'
import { attemptFaults } from './validation/faults/attempt-faults.ts'
import { clinicFaults } from './validation/faults/clinic-faults.ts'
import { conversationFaults } from './validation/faults/conversation-faults.ts'
import { proofFaults } from './validation/faults/proof-faults.ts'
import { requestFaults } from './validation/faults/request-faults.ts'

const generated = readGenerated()
const validate = createValidator()

const defining = [
  ...['StructureDefinition', 'ValueSet', 'CodeSystem', 'NamingSystem'],
  ...['SearchParameter', 'CapabilityStatement'],
]
const definitions = generated.filter(({ resourceType }) => defining.includes(resourceType))
const examples = generated.filter((one) => !definitions.includes(one))

function find(type: string, id: string): FhirResource {
  const found = generated.find((one) => one.resourceType === type && one.id === id)
  if (!found) throw new Error(`There is no ${type}/${id} in fhir-profiles/generated`)
  return found
}

describe('the examples', () => {
  it.each(examples.map((one) => [`${one.resourceType}/${one.id}`, one]))('%s is valid', (_name, example) => {
    expect(validate(example as FhirResource)).toEqual([])
  })

  it('show every profile', () => {
    const shown = new Set(examples.flatMap((one) => one.meta?.profile ?? []))
    expect([...shown].sort()).toEqual(Object.values(profile).sort())
  })

  it('hold no number that could be somebody’s', () => {
    const numbers = JSON.stringify(examples).match(/\+\d{8,15}/g) ?? []
    expect(numbers.filter((number) => !/^\+1555(0100|555012)/.test(number))).toEqual([])
  })
})

describe('the definitions', () => {
  it.each(
    definitions.map((one) => [`${one.resourceType}/${one.id}`, one]),
  )('%s is valid R4', (_name, definition) => {
    expect(validate(definition as FhirResource)).toEqual([])
  })
})

describe('a resource with one fault', () => {
  const faults = [...requestFaults, ...attemptFaults, ...conversationFaults, ...clinicFaults, ...proofFaults]

  it.each(faults)('is refused: $what', (fault) => {
    const resource = structuredClone(find(fault.type, fault.id))
    fault.break(resource as never)
    expect(validate(resource).join('\n')).toMatch(fault.says)
  })
})

describe('a resource that claims no profile', () => {
  it('is held against R4 alone', () => {
    const { meta: _meta, ...plain } = find('Communication', 'patient-message-unassigned')
    expect(validate({ ...plain, payload: undefined } as FhirResource)).toEqual([])
  })

  it.each([
    ['an unknown code', { gender: 'woman' }, /Patient\.gender: has no code from/],
    ['an empty element', { name: [{}] }, /Patient\.name/],
    ['a broken invariant', { contact: [{ gender: 'female' }] }, /pat-1|Patient\.contact/],
    ['a wrong type', { active: 'yes' }, /Patient\.active/],
    ['an impossible date', { birthDate: '1990-02-30' }, /Patient\.birthDate/],
  ])('is still refused by R4 for %s', (_what, elements, says) => {
    const patient = { resourceType: 'Patient', ...elements } as FhirResource
    expect(validate(patient).join('\n')).toMatch(says)
  })
})

describe('the words of the program', () => {
  it.each<[string, readonly string[]]>([
    ['not-sent-reason', Object.keys(reasons)],
    ['message-category', messageCategories],
    ['channel', channels],
    ['reply-intent', replyIntents],
    ['task', Object.keys(taskCodes)],
  ])('are the codes of %s, in the same order', (id, codes) => {
    expect(conceptsOf(id).map(({ code }) => code)).toEqual(codes)
  })

  it('are the purposes that a consent may permit', () => {
    const { compose } = find('ValueSet', 'messaging-purpose') as ValueSet
    const codes = compose?.include.flatMap(({ concept = [] }) => concept.map(({ code }) => code))
    expect(codes).toEqual(purposes)
  })

  it.each<[string, Record<string, string>]>([
    ['not-sent-reason', reasons],
    ['task', taskCodes],
  ])('say the same of each code of %s', (id, words) => {
    const displays = conceptsOf(id).map(({ code, display }) => [code, display])
    expect(Object.fromEntries(displays)).toEqual(words)
  })

  function conceptsOf(id: string) {
    return (find('CodeSystem', id) as CodeSystem).concept ?? []
  }
})

describe('src/fhir/codes.ts', () => {
  const ours = (names: Record<string, string>) =>
    Object.values(names).filter((url) => url.startsWith(`${qasid}/`))

  it('names only systems, profiles and extensions that are declared', () => {
    const declared = generated.flatMap((one) =>
      'url' in one && typeof one.url === 'string' ? [one.url] : [],
    )
    expect(declared).toEqual(expect.arrayContaining([...ours(system), ...ours(profile), ...ours(extension)]))
  })

  it('names every extension and profile that is declared', () => {
    const declared = generated.flatMap((one) => (one.resourceType === 'StructureDefinition' ? [one.url] : []))
    expect([...ours(profile), ...ours(extension)].sort()).toEqual(declared.sort())
  })

  it('names exactly the identifier systems that are declared', () => {
    const declared = generated.flatMap((one) =>
      one.resourceType === 'NamingSystem' ? one.uniqueId.map(({ value }) => value) : [],
    )
    const ofProviders = providers.map(({ messageIdSystem }) => messageIdSystem)
    expect([...new Set([...Object.values(naming), ...ofProviders])].sort()).toEqual(declared.sort())
  })
})
