/** One fault, made in an example that is valid without it. `says` is what the validator must complain of. */
import type { Extension, FhirResource } from 'fhir/r4'

type Type = FhirResource['resourceType']

export interface Fault {
  what: string
  type: Type
  id: string
  break(resource: never): void
  says: RegExp
}

/** Faults of one example; gives each `break` the type of the resource that it breaks. */
export function faultsIn<T extends Type>(type: T, id: string) {
  return (
    what: string,
    breakIt: (resource: Extract<FhirResource, { resourceType: T }>) => void,
    says: RegExp,
  ): Fault => ({
    what,
    type,
    id,
    break: breakIt,
    says,
  })
}

interface Extended {
  extension?: Extension[]
}

export function dropExtension(element: Extended, url: string) {
  element.extension = element.extension?.filter((one) => one.url !== url)
}

export function partsOf(element: Extended, url: string): Extension[] {
  return element.extension?.find((one) => one.url === url)?.extension ?? []
}

/** Puts another value in place of one part of an extension of many. */
export function replacePart(element: Extended, url: string, part: Extension) {
  const whole = element.extension?.find((one) => one.url === url)
  if (whole) whole.extension = whole.extension?.map((one) => (one.url === part.url ? part : one))
}
