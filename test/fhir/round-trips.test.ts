import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { fromAttempt, toAttempt } from '../../src/fhir/attempt.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { fromConsent, toConsent } from '../../src/fhir/consent.ts'
import { fromInbound, toInbound } from '../../src/fhir/inbound.ts'
import { fromBasic, toBasic } from '../../src/fhir/settings.ts'
import { fromActivityDefinition, toActivityDefinition } from '../../src/fhir/template.ts'
import { rule, settings } from '../people.ts'
import { anyAttempt, anyConsent, anyInbound, anyReminder, anyRequest, anyTemplate } from './any.ts'

/** As a server keeps it: without what is undefined, and with the id it was given. */
function stored<R extends FhirResource>(resource: R, id?: string): R {
  return { ...(JSON.parse(JSON.stringify(resource)) as R), ...(id && { id }) }
}

describe('what is written is read as the same', () => {
  it('request', () => {
    fc.assert(
      fc.property(fc.oneof(anyRequest, anyReminder), (request) => {
        const reference = request.reference ?? 'CommunicationRequest/new'
        const read = fromCommunicationRequest(
          stored(toCommunicationRequest(request), reference.slice(reference.indexOf('/') + 1)),
        )
        const ruleId = request.category === 'reminder' ? request.key.split('_')[2] : undefined
        expect(read).toEqual({ kind: 'request', request: { ...request, reference, ruleId } })
      }),
    )
  })

  it('attempt', () => {
    fc.assert(
      fc.property(anyAttempt, (attempt) => {
        expect(fromAttempt(stored(toAttempt(attempt)))).toEqual(attempt)
      }),
    )
  })

  it('what a patient wrote', () => {
    fc.assert(
      fc.property(anyInbound, (inbound) => {
        expect(fromInbound(stored(toInbound(inbound)))).toEqual(inbound)
      }),
    )
  })

  it('consent', () => {
    fc.assert(
      fc.property(anyConsent, (record) => {
        expect(fromConsent(stored(toConsent(record), 'c1'))).toEqual(record)
      }),
    )
  })

  it('template', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        expect(fromActivityDefinition(stored(toActivityDefinition(template)))).toEqual(template)
      }),
    )
  })

  it('settings', () => {
    const wishes = [
      settings(),
      settings({
        rules: [],
        quietHours: { from: '21:00', to: '08:00' },
        zones: { 'Location/1': 'Asia/Kolkata' },
      }),
      settings({ clinic: 'عيادة "النخيل"\n', rules: [rule({ before: 'P1DT2H', plan: ['email'] })] }),
    ]
    for (const wish of wishes)
      expect(fromBasic(stored(toBasic('clinic', wish, '2026-11-20T05:00:00Z')))).toEqual({
        kind: 'settings',
        settings: wish,
      })
  })
})

describe('a record changed and written again', () => {
  it('keeps its form: nothing grows, nothing moves', () => {
    fc.assert(
      fc.property(anyAttempt, anyInbound, (attempt, inbound) => {
        const first = stored(toAttempt(attempt))
        const again = fromAttempt(first)
        expect(again && stored(toAttempt(again))).toEqual(first)
        const message = stored(toInbound(inbound))
        const same = fromInbound(message)
        expect(same && stored(toInbound(same))).toEqual(message)
      }),
    )
  })
})
