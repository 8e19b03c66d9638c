/**
 * Which call of the API a request was written by: all of one call are a group, each knows its place in it, and the first
 * one also what was asked and of how many. So the same key again finds them all, and another body under it is seen.
 */
import type { CommunicationRequest } from 'fhir/r4'
import { naming } from './codes.ts'

export interface ApiCall {
  /** Digest of the caller's idempotency key: letters and digits. */
  key: string
  /** Digest of what was asked: letters and digits. */
  body: string
}

/** Of the first request; to create it is to claim the call. */
export function callIdentifier({ key }: Pick<ApiCall, 'key'>): { system: string; value: string } {
  return { system: naming.apiCall, value: key }
}

/** `place` counts from 1. */
export function withCall(
  resource: CommunicationRequest,
  call: ApiCall,
  { place, of }: { place: number; of: number },
): CommunicationRequest {
  const group = callIdentifier(call)
  const own = place === 1 ? group : { ...group, value: `${call.key}-${place}` }
  const asked = { system: naming.requestBody, value: `${call.body}-${of}` }
  return {
    ...resource,
    identifier: [...(resource.identifier ?? []), own, ...(place === 1 ? [asked] : [])],
    groupIdentifier: group,
  }
}

/** What the first request of a call says of the whole; `undefined` of every other. */
export function askedBy(resource: CommunicationRequest): { body: string; of: number } | undefined {
  const [body, of] = valueIn(resource, naming.requestBody)?.split('-') ?? []
  return body && of ? { body, of: Number(of) } : undefined
}

export function placeIn(resource: CommunicationRequest): number {
  return Number(valueIn(resource, naming.apiCall)?.split('-')[1] ?? 1)
}

function valueIn({ identifier }: CommunicationRequest, system: string): string | undefined {
  return identifier?.find((one) => one.system === system)?.value
}
