import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasons } from '../../src/domain/reason.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { toAppointmentResponse } from '../../src/fhir/appointment-response.ts'
import { toAttempt } from '../../src/fhir/attempt.ts'
import { type Audited, toAuditEvent } from '../../src/fhir/audit-event.ts'
import { toCommunicationRequest, toReason } from '../../src/fhir/communication-request.ts'
import { toConsent } from '../../src/fhir/consent.ts'
import { toInbound } from '../../src/fhir/inbound.ts'
import { toConsentProvenance } from '../../src/fhir/provenance.ts'
import { toBasic } from '../../src/fhir/settings.ts'
import { toSubscription } from '../../src/fhir/subscription.ts'
import { type TaskCode, taskCodes, toTask } from '../../src/fhir/task.ts'
import { toActivityDefinition } from '../../src/fhir/template.ts'
import { toThread } from '../../src/fhir/thread.ts'
import { createValidator } from '../fhir-validator.ts'
import { attempt, inbound, now, omar, sara, settings } from '../people.ts'
import {
  anyAttempt,
  anyConsent,
  anyInbound,
  anyReason,
  anyReminder,
  anyRequest,
  anyTemplate,
  attemptStates,
} from './any.ts'

const validate = createValidator()
/** Each takes a few milliseconds to judge. */
const some = { numRuns: 60 }

describe('what the engine writes is valid', () => {
  it.each(attemptStates)('attempt that is %s', (state) => {
    const inState = anyAttempt.filter((one) => one.state === state)
    fc.assert(
      fc.property(inState, (any) => {
        expect(validate(toAttempt(any))).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('attempt that came to nothing, for every reason', () => {
    for (const reason of Object.keys(reasons) as (keyof typeof reasons)[])
      expect(validate(toAttempt(attempt({ state: 'not-sent', reason, calls: 0 })))).toEqual([])
  })

  it('attempt that found no channel open', () => {
    const bare = {
      channel: undefined,
      from: undefined,
      to: undefined,
      provider: undefined,
      sender: undefined,
    }
    const nothing = attempt({
      ...bare,
      state: 'not-sent',
      reason: 'no-address',
      providerId: undefined,
      calls: 0,
    })
    expect(validate(toAttempt(nothing))).toEqual([])
  })

  it('request', () => {
    fc.assert(
      fc.property(fc.oneof(anyRequest, anyReminder), (any) => {
        expect(validate(toCommunicationRequest(any))).toEqual([])
      }),
      some,
    )
  })

  it('message of a patient', () => {
    fc.assert(
      fc.property(anyInbound, (any) => {
        expect(validate(toInbound(any))).toEqual([])
      }),
      some,
    )
    expect(validate(toInbound(inbound({ text: '' })))).toEqual([])
  })

  it('consent', () => {
    fc.assert(
      fc.property(anyConsent, (any) => {
        expect(validate(toConsent(any))).toEqual([])
      }),
      some,
    )
  })

  it('template', () => {
    fc.assert(
      fc.property(anyTemplate, (any) => {
        expect(validate(toActivityDefinition(any))).toEqual([])
      }),
      some,
    )
    for (const template of standardTemplates) expect(validate(toActivityDefinition(template))).toEqual([])
  })

  it('settings, thread, subscription, answer and proof', () => {
    expect(validate(toBasic('clinic', settings(), '2026-11-20T05:00:00Z'))).toEqual([])
    expect(validate(toThread('Organization/clinic', sara))).toEqual([])
    const wish = {
      criteria: 'Appointment?',
      endpoint: 'https://qasid.example/notify/clinic/k',
      headers: ['X: y'],
      reason: 'Visits',
    }
    expect(validate(toSubscription(wish))).toEqual([])
    const message = 'Communication/i1'
    for (const participantStatus of ['accepted', 'declined'] as const)
      expect(
        validate(
          toAppointmentResponse({
            visit: 'Appointment/v1',
            patient: sara,
            message,
            participantStatus,
            start: now,
          }),
        ),
      ).toEqual([])
    const change = { consent: 'Consent/c1', message, patient: sara, now }
    expect(validate(toConsentProvenance(change))).toEqual([])
    expect(validate(toConsentProvenance({ ...change, version: '3' }))).toEqual([])
  })

  it.each(Object.keys(taskCodes) as TaskCode[])('task "%s"', (code) => {
    const focus = 'Communication/i1'
    expect(validate(toTask({ code, focus, now }))).toEqual([])
    expect(validate(toTask({ code, focus, patient: omar, now }))).toEqual([])
  })

  it('audit of everything that happened, for every reason', () => {
    const anyAudit = fc.record({
      what: fc.constantFrom<Audited>('transmit', 'receive', 'block', 'consent-change', 'redact'),
      patient: fc.option(fc.constant(sara), { nil: undefined }),
      entities: fc.subarray(['Communication/a1', 'CommunicationRequest/r1']),
      source: fc.constant('clinic-sms'),
      reason: fc.option(anyReason, { nil: undefined }),
      maskedAddress: fc.option(fc.constant('+1500•••••011'), { nil: undefined }),
      failed: fc.boolean(),
      now: fc.constant(now),
    })
    const anyEvent = fc
      .tuple(anyAudit, anyReason)
      .map(([audit, reason]) => ({ ...audit, ...(audit.what === 'block' && { reason }) }))
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(validate(toAuditEvent(event))).toEqual([])
      }),
      some,
    )
  })
})

describe('what the engine writes for staff', () => {
  it('says each reason in words', () => {
    expect(toReason('no-consent')).toMatchObject({
      coding: [{ code: 'no-consent' }],
      text: 'There is no consent for this channel.',
    })
  })

  it('says in HL7’s words too why nothing was sent, where HL7 has them', () => {
    const codes = (reason: keyof typeof reasons) =>
      toAttempt(attempt({ state: 'not-sent', reason })).statusReason?.coding?.map(({ code }) => code)
    expect(codes('opted-out')).toEqual(['patient-objection', 'opted-out'])
    expect(codes('quiet-hours')).toEqual(['quiet-hours'])
  })

  it('names no address in an audit but a masked one', () => {
    const event = toAuditEvent({ what: 'transmit', patient: sara, entities: [], source: 'clinic-sms', now })
    expect(JSON.stringify(event)).not.toMatch(/\+1500/)
  })
})
