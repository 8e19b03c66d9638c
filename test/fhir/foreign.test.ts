/** What other people's programs wrote into the same store: requests, messages, templates and settings. */
import type { ActivityDefinition, Basic, Communication, CommunicationRequest } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { decideDispatch } from '../../src/domain/dispatch.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { after, hour } from '../../src/domain/time.ts'
import { fromAttempt, toAttempt } from '../../src/fhir/attempt.ts'
import { extension, system } from '../../src/fhir/codes.ts'
import { fromCommunication } from '../../src/fhir/communication.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { concept } from '../../src/fhir/concept.ts'
import { fromInbound, toInbound } from '../../src/fhir/inbound.ts'
import { fromMedium } from '../../src/fhir/medium.ts'
import { fromReference } from '../../src/fhir/reference.ts'
import { fromBasic } from '../../src/fhir/settings.ts'
import { fromActivityDefinition, splitCanonical, toActivityDefinition } from '../../src/fhir/template.ts'
import { toThread } from '../../src/fhir/thread.ts'
import { attempt, dispatchFacts, inbound, now, request, sara } from '../people.ts'

const medium = (code: string) => concept(system.participationMode, code)

const foreign = (differs: Partial<CommunicationRequest> = {}): CommunicationRequest => ({
  resourceType: 'CommunicationRequest',
  id: 'r7',
  status: 'active',
  subject: { reference: sara },
  occurrenceDateTime: '2026-11-20T09:00:00+04:00',
  payload: [{ contentString: 'Please bring the X-ray.' }, { contentString: 'And your card.' }],
  ...differs,
})

describe('a request of another program', () => {
  it('is a message of staff, due once, stale after two days, any way that is open', () => {
    expect(fromCommunicationRequest(foreign())).toEqual({
      kind: 'request',
      request: {
        ...request({ reference: 'CommunicationRequest/r7', key: 'r7', category: 'conversation', plan: [] }),
        ...{ visit: undefined, visitStart: undefined, ruleId: undefined, replyOptions: [] },
        window: { from: now, until: after(now, 48 * hour) },
        content: { kind: 'text', text: 'Please bring the X-ray.\nAnd your card.' },
      },
    })
  })

  it.each<[string, Partial<CommunicationRequest>, string]>([
    ['about a group', { subject: { reference: 'Group/g1' } }, 'subject is not a Patient'],
    ['about nobody', { subject: undefined }, 'subject is not a Patient'],
    ['without a time', { occurrenceDateTime: undefined }, 'occurrenceDateTime is not an instant'],
    ['for a day', { occurrenceDateTime: '2026-11-20' }, 'occurrenceDateTime is not an instant'],
    ['to a colleague', { recipient: [{ reference: 'Practitioner/p1' }] }, 'recipient is not the patient'],
    ['to the mother', { recipient: [{ reference: 'RelatedPerson/mother' }] }, 'recipient is not the patient'],
    [
      'to somebody without a reference',
      { recipient: [{ display: 'Front desk' }] },
      'recipient is not the patient',
    ],
    ['by telephone', { medium: [medium('PHONE')] }, 'medium is none of ours'],
  ])('%s is refused, and says why without its content', (_what, differs, because) => {
    expect(fromCommunicationRequest(foreign(differs))).toEqual({ kind: 'refused', because })
  })

  it('to the patient and a colleague is for the patient', () => {
    const recipient = [{ reference: 'Practitioner/p1' }, { reference: sara }]
    expect(fromCommunicationRequest(foreign({ recipient }))).toMatchObject({ request: { recipient: sara } })
  })

  it('by telephone or SMS is by SMS', () => {
    const read = fromCommunicationRequest(foreign({ medium: [medium('PHONE'), medium('SMSWRIT')] }))
    expect(read).toMatchObject({ request: { plan: ['sms'] } })
  })

  it('that says "do not" is read as that, and comes to nothing', () => {
    const read = fromCommunicationRequest(foreign({ doNotPerform: true }))
    expect(read).toMatchObject({ request: { forbidden: true } })
    if (read.kind === 'request')
      expect(decideDispatch(dispatchFacts({ request: read.request }))).toEqual({ kind: 'settled' })
  })

  it.each([
    'not base64 ü',
    btoa('[]'),
    btoa('null'),
    btoa('"x"'),
    btoa('{"start":'),
    btoa('{"start":5}'),
    '',
  ])('with parameters that are none (%s) has none', (data) => {
    const written = toCommunicationRequest(request())
    const payload = written.payload?.map((one) => ({ ...one, contentAttachment: { data } }))
    const read = fromCommunicationRequest({ ...written, id: 'r1', payload })
    expect(read).toMatchObject({
      request: { content: { kind: 'template', parameters: {} }, visitStart: undefined },
    })
  })

  it('with a parameter of a dangerous name has it as any other', () => {
    const parameters = JSON.parse('{"__proto__":"x","start":"2026-11-22T09:00:00Z"}') as Record<
      string,
      string
    >
    const template = 'https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1'
    const read = fromCommunicationRequest(
      toCommunicationRequest(request({ content: { kind: 'template', template, parameters } })),
    )
    expect(read.kind === 'request' && JSON.stringify(read.request.content)).toContain('"__proto__":"x"')
    expect(({} as { x?: string }).x).toBeUndefined()
  })
})

describe('a Communication', () => {
  const note: Communication = {
    resourceType: 'Communication',
    id: 'n1',
    status: 'completed',
    subject: { reference: sara },
  }

  it.each<[string, Communication]>([
    ['of the EMR’s own', note],
    [
      'with an identifier of somebody else',
      {
        ...note,
        identifier: [{ system: 'urn:x', value: '1' }],
        basedOn: [{ reference: 'CommunicationRequest/r1' }],
      },
    ],
    ['that heads a conversation', { ...toThread('Organization/clinic', sara), id: 't1' }],
    ['that is an attempt for no request', { ...toAttempt(attempt()), basedOn: undefined }],
    ['that is an attempt for nobody', { ...toAttempt(attempt()), subject: undefined }],
    ['that a patient wrote, by fax', { ...toInbound(inbound()), medium: [medium('FAXWRIT')] }],
    ['that a patient wrote, from nowhere', { ...toInbound(inbound()), extension: undefined }],
    ['that a patient wrote, without the provider’s id', { ...toInbound(inbound()), identifier: undefined }],
  ])('%s is no message in the conversation', (_what, resource) => {
    expect([fromAttempt(resource), fromInbound(resource), fromCommunication(resource)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('whose state nobody can read may have left: it is unknown, and never sent again', () => {
    const bare = { ...toAttempt(attempt()), extension: undefined }
    const read = fromAttempt(bare)
    expect(read).toMatchObject({ state: 'unknown', calls: 0 })
    expect(read && decideDispatch(dispatchFacts({ attempts: [read] }))).toEqual({ kind: 'settled' })
  })

  it('that a patient wrote keeps what it quotes when it is found what that was', () => {
    const quoting = fromInbound(toInbound(inbound({ quotes: 'SB1', answers: 'Communication/a1' })))
    expect(quoting).toMatchObject({ quotes: 'SB1', answers: 'Communication/a1' })
  })

  it('that a patient wrote without a word is still one, and waits until it is handled', () => {
    expect(fromInbound(toInbound(inbound({ text: '' })))).toMatchObject({ text: '', handled: false })
    expect(fromInbound({ ...toInbound(inbound()), status: 'completed' })?.handled).toBe(true)
  })

  it('of ours stands in the conversation when it was handed over, the patient’s when it reached us', () => {
    expect(fromCommunication(toAttempt(attempt()))).toMatchObject({
      direction: 'out',
      at: attempt().sentAt,
      state: 'sent',
    })
    expect(fromCommunication(toInbound(inbound()))).toMatchObject({
      direction: 'in',
      at: now,
      state: 'received',
    })
  })
})

describe('a medium', () => {
  it.each([
    ['SMSWRIT', 'sms'],
    ['APPWRIT', 'whatsapp'],
    ['EMAILWRIT', 'email'],
    ['PHONE', undefined],
    ['VERBAL', undefined],
  ])('%s is %s', (code, channel) => {
    expect(fromMedium(medium(code))).toBe(channel)
  })

  it('of another system is none', () => {
    expect(
      fromMedium(concept('https://terminology.hl7.org/CodeSystem/v3-ParticipationMode', 'SMSWRIT')),
    ).toBeUndefined()
    expect(fromMedium(undefined)).toBeUndefined()
  })
})

describe('a reference', () => {
  it.each([
    ['Patient/1', 'Patient/1'],
    ['Patient/1/_history/2', 'Patient/1'],
    // Another server's Patient/1 is somebody else.
    ['https://other-hospital.example/fhir/Patient/1', undefined],
    ['Patient/a.b-c', 'Patient/a.b-c'],
    ['#contained', undefined],
    ['urn:uuid:2efc7a1e-5d2c-4d3e-9b6f-0f6f6b8b2f11', undefined],
    ['Patient?identifier=1', undefined],
    ['Patient/', undefined],
    ['Patient/.', undefined],
    ['Patient/..', undefined],
    ['Patient/../_history/1', undefined],
    [`Patient/${'x'.repeat(65)}`, undefined],
    ['', undefined],
  ])('"%s" is %s', (reference, expected) => {
    expect(fromReference({ reference })).toBe(expected)
  })
})

describe('a template', () => {
  const [first] = standardTemplates
  const written = (): ActivityDefinition => (first ? toActivityDefinition(first) : ({} as ActivityDefinition))

  it.each<[string, Partial<ActivityDefinition>]>([
    ['a draft', { status: 'draft' }],
    ['retired', { status: 'retired' }],
    ['without a URL', { url: undefined }],
    ['without a version', { version: undefined }],
    ['of no kind of message', { topic: undefined }],
  ])('that is %s is none', (_what, differs) => {
    expect(fromActivityDefinition({ ...written(), ...differs })).toBeUndefined()
  })

  it('leaves out the wordings that nobody can use', () => {
    const part = (url: string, valueCode: string) => ({ url, valueCode })
    const body = { url: 'body', valueString: 'Bonjour' }
    const odd = [
      [part('channel', 'sms'), part('language', 'fr'), body],
      [part('channel', 'telex'), part('language', 'en'), body],
      [part('channel', 'sms'), part('language', 'en')],
    ].map((parts) => ({ url: extension.templateContent, extension: parts }))
    expect(fromActivityDefinition({ ...written(), extension: odd })?.contents).toEqual([])
  })

  it('is named with or without its version', () => {
    expect(splitCanonical('https://x.example/t|2')).toEqual({ url: 'https://x.example/t', version: '2' })
    expect(splitCanonical('https://x.example/t')).toEqual({ url: 'https://x.example/t', version: undefined })
  })
})

describe('settings', () => {
  const basic = (valueString?: string): Basic => ({
    resourceType: 'Basic',
    code: concept(system.qasid, 'settings'),
    extension: [{ url: extension.settingsContent, ...(valueString !== undefined && { valueString }) }],
  })

  it.each([undefined, '', '{"clinic":', 'null', '[]', '{}'])('that are %s are refused', (content) => {
    const read = fromBasic(basic(content))
    expect(read.kind).toBe('refused')
    expect(read.kind === 'refused' && read.faults.length).toBeGreaterThan(0)
  })
})
