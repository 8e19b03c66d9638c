import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { toAttempt } from '../../src/fhir/attempt.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { toInbound } from '../../src/fhir/inbound.ts'
import { isRedacted, redactedMessage, redactedRequest } from '../../src/fhir/redaction.ts'
import { createValidator } from '../fhir-validator.ts'
import { anyAttempt, anyInbound, anyReminder, anyRequest } from './any.ts'

const validate = createValidator()

/** As a server keeps it. */
function stored<R extends FhirResource>(resource: R): R {
  return JSON.parse(JSON.stringify(resource)) as R
}

const anyMessage = fc.oneof(anyAttempt.map(toAttempt), anyInbound.map(toInbound)).map(stored)
const anyStoredRequest = fc.oneof(anyRequest, anyReminder).map((one) => stored(toCommunicationRequest(one)))

describe('a redacted record', () => {
  it('is valid FHIR and keeps our profiles', () => {
    fc.assert(
      fc.property(anyMessage, anyStoredRequest, (message, request) => {
        const redacted = [redactedMessage(message) ?? message, redactedRequest(request) ?? request]
        expect(redacted.flatMap(validate)).toEqual([])
        expect(redacted.every(isRedacted)).toBe(true)
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
