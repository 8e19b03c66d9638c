/** CodeableConcepts and extensions, read and written without ceremony. */
import type { CodeableConcept, Coding, Extension } from 'fhir/r4'

export function concept(system: string, code: string, display?: string): CodeableConcept {
  return { coding: [{ system, code, ...(display && { display }) }] }
}

/** All codes of one system, in order. */
export function codesIn(concepts: CodeableConcept | CodeableConcept[] | undefined, system: string): string[] {
  return codings(concepts).flatMap((coding) => (coding.system === system && coding.code ? [coding.code] : []))
}

export function hasCode(
  concepts: CodeableConcept | CodeableConcept[] | undefined,
  system: string,
  code: string,
): boolean {
  return codings(concepts).some((coding) => coding.system === system && coding.code === code)
}

function codings(concepts: CodeableConcept | CodeableConcept[] | undefined): Coding[] {
  return [concepts ?? []].flat().flatMap((one) => one.coding ?? [])
}

type Extended = { extension?: Extension[] } | undefined

export function extensionOf(element: Extended, url: string): Extension | undefined {
  return element?.extension?.find((one) => one.url === url)
}

export function extensionsOf(element: Extended, url: string): Extension[] {
  return element?.extension?.filter((one) => one.url === url) ?? []
}

/** Leaves out what is undefined, so that a resource holds no empty elements. */
export function present<T>(items: (T | undefined | false)[]): T[] {
  return items.filter((item): item is T => item !== undefined && item !== false)
}

/** An array, or nothing at all: FHIR allows no empty ones. */
export function someOf<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined
}
