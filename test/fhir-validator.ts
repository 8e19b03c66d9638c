/**
 * Says what is wrong with a resource: against base R4 and its required bindings, against every profile of ours that it
 * claims in `meta.profile` or keeps without a word, and against our own rule that whatever bears our canonical base (extension, code,
 * identifier system, profile) must be declared under `fhir-profiles/`. An empty list means valid.
 */
import type { FhirResource } from 'fhir/r4'
import { profile } from '../src/fhir/codes.ts'
import { readGenerated, readR4Terminology } from './validation/definitions.ts'
import type { Json } from './validation/element-values.ts'
import { createOurNames } from './validation/our-names.ts'
import { createProfileCheck } from './validation/profile-check.ts'
import { createR4Check } from './validation/r4-check.ts'
import { createTerminology } from './validation/value-sets.ts'

/** Whatever we write of this type keeps the profile, and says nothing of it. */
const unclaimed: { [type: string]: string[] } = { Subscription: [profile.notificationSubscription] }

export type Validator = (resource: FhirResource) => string[]

/** Takes about a second, because R4 is large: make one for a test file. */
export function createValidator(): Validator {
  const ours = readGenerated()
  const terminology = createTerminology([...readR4Terminology(), ...ours])
  const checkR4 = createR4Check(terminology)
  const checkOurNames = createOurNames(ours)
  const profiles = new Map(
    ours
      .filter((one) => one.resourceType === 'StructureDefinition')
      .map((one) => [one.url, createProfileCheck(one, terminology)]),
  )
  const checkProfile = (url: string, value: unknown) => profiles.get(url)?.(value as Json) ?? []

  return (written) => {
    // As it travels: a builder may leave `undefined` in an element that is not there.
    const resource = JSON.parse(JSON.stringify(written)) as FhirResource
    const problems = [
      ...checkR4(resource),
      ...profilesOf(resource).flatMap((url) => checkProfile(url, resource)),
      ...checkOurNames(resource, (extension) => checkProfile(extension.url, extension)),
    ]
    return [...new Set(problems)]
  }
}

function profilesOf({ resourceType, meta }: FhirResource): string[] {
  return [...(meta?.profile ?? []), ...(unclaimed[resourceType] ?? [])]
}
