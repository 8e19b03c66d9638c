/** The time zone that a resource, or a part of one, carries as an extension of HL7's. */
import type { Element } from 'fhir/r4'
import { extension } from './codes.ts'
import { extensionOf } from './concept.ts'

/** As written; whether it is a zone is for the reader to judge. */
export function zoneExtension(element: Pick<Element, 'extension'> | undefined): string | undefined {
  const found = extensionOf(element, extension.timezone) ?? extensionOf(element, extension.tzCode)
  return found?.valueCode ?? found?.valueString
}
