import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Notification, parseNotification, type RawNotification } from '../../src/fhir/notification.ts'

const bytes = (body: unknown) =>
  new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
const scope = { type: 'Appointment', base: 'https://emr.example/fhir' }
const told = (differs: Omit<Partial<RawNotification>, 'body'> & { body?: unknown } = {}): Notification => {
  const { body = '', ...rest } = differs
  return parseNotification({ method: 'POST', path: '', headers: {}, ...rest, body: bytes(body) }, scope)
}
const changed = (...references: string[]) => ({ kind: 'changed', references })

const visit = {
  resourceType: 'Appointment',
  id: 'v1',
  meta: { versionId: '2', lastUpdated: '2026-11-20T05:00:00.000Z' },
  status: 'booked',
  start: '2026-11-22T09:00:00Z',
  participant: [{ actor: { reference: 'Patient/sara' }, status: 'accepted' }],
}

/** R4 with the backport: Parameters first, numbers as strings. */
const backport = (type: string, events: object[], more: object[] = []) => ({
  resourceType: 'Bundle',
  type: 'history',
  timestamp: '2026-11-20T05:00:00Z',
  entry: [
    {
      fullUrl: 'urn:uuid:2efc7a1e-5d2c-4d3e-9b6f-0f6f6b8b2f11',
      resource: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'subscription', valueReference: { reference: 'https://emr.example/fhir/Subscription/s1' } },
          { name: 'status', valueCode: 'active' },
          { name: 'type', valueCode: type },
          { name: 'events-since-subscription-start', valueString: '310' },
          ...events.map((focus) => ({
            name: 'notification-event',
            part: [
              { name: 'event-number', valueString: '310' },
              ...(Object.keys(focus).length > 0 ? [focus] : []),
            ],
          })),
        ],
      },
      request: { method: 'GET', url: 'https://emr.example/fhir/Subscription/s1/$status' },
      response: { status: '200' },
    },
    ...more,
  ],
})
const focus = (reference: string) => ({ name: 'focus', valueReference: { reference } })

/** R4B and athenahealth: SubscriptionStatus first. R5 is the same in a Bundle of another type. */
const status = (type: string, notificationEvent: unknown, bundle = 'history', more: object[] = []) => ({
  resourceType: 'Bundle',
  type: bundle,
  entry: [
    {
      fullUrl: 'urn:uuid:1',
      resource: { resourceType: 'SubscriptionStatus', type, status: 'active', notificationEvent },
    },
    ...more,
  ],
})

describe('a notification', () => {
  it.each<[string, Notification | object, Parameters<typeof told>[0]]>([
    [
      'Medplum: the bare resource',
      changed('Appointment/v1'),
      { headers: { 'x-medplum-subscription': 'Subscription/s1' }, body: visit },
    ],
    [
      'Medplum: a deletion',
      changed('Appointment/v1'),
      { headers: { 'x-medplum-deleted-resource': 'Appointment/v1' }, body: {} },
    ],
    ['HAPI with payload', changed('Appointment/v1'), { method: 'PUT', path: 'Appointment/v1', body: visit }],
    [
      'HAPI with payload, from a path with slashes',
      changed('Appointment/v1'),
      { method: 'PUT', path: '/Appointment/v1/', body: visit },
    ],
    ['HAPI: a deletion', changed('Appointment/v1'), { method: 'DELETE', path: 'Appointment/v1' }],
    [
      'HAPI: a version',
      changed('Appointment/v1'),
      { method: 'PUT', path: 'Appointment/v1/_history/2', body: visit },
    ],
    ['HAPI without payload', { kind: 'something-changed' }, {}],
    [
      'backport, id only',
      changed('Appointment/v1'),
      { body: backport('event-notification', [focus('https://emr.example/fhir/Appointment/v1')]) },
    ],
    [
      'backport, several events',
      changed('Appointment/v1', 'Appointment/v2'),
      {
        body: backport(
          'event-notification',
          ['v1', 'v2', 'v1'].map((id) => focus(`Appointment/${id}`)),
        ),
      },
    ],
    [
      'backport, full resource',
      changed('Appointment/v1'),
      {
        body: backport(
          'event-notification',
          [focus('Appointment/v1')],
          [
            { fullUrl: 'https://emr.example/fhir/Appointment/v1', resource: visit },
            { resource: { resourceType: 'Patient', id: 'sara' } },
          ],
        ),
      },
    ],
    ['backport, empty', { kind: 'something-changed' }, { body: backport('event-notification', [{}]) }],
    ['backport, handshake', { kind: 'alive' }, { body: backport('handshake', []) }],
    ['backport, heartbeat', { kind: 'alive' }, { body: backport('heartbeat', []) }],
    [
      'R4B, id only',
      changed('Appointment/v1'),
      { body: status('event-notification', [{ eventNumber: '2', focus: { reference: 'Appointment/v1' } }]) },
    ],
    ['R4B, handshake', { kind: 'alive' }, { body: status('handshake', undefined) }],
    [
      'R4B, no focus but the resource',
      changed('Appointment/v1'),
      {
        body: status('event-notification', [{ eventNumber: '2' }], 'history', [
          { fullUrl: 'urn:uuid:2', resource: visit },
        ]),
      },
    ],
    [
      'R4B, no focus but a deletion',
      changed('Appointment/v9'),
      {
        body: status('event-notification', [], 'history', [
          { request: { method: 'DELETE', url: 'Appointment/v9' } },
        ]),
      },
    ],
    [
      'R5',
      changed('Appointment/v1'),
      {
        body: status(
          'event-notification',
          [{ eventNumber: 2, focus: { reference: 'Appointment/v1' } }],
          'subscription-notification',
        ),
      },
    ],
    [
      'a plain history',
      changed('Appointment/v1', 'Appointment/v2'),
      {
        body: {
          resourceType: 'Bundle',
          type: 'history',
          entry: [{ resource: visit }, { resource: { ...visit, id: 'v2' } }],
        },
      },
    ],
    ['an empty Bundle', { kind: 'something-changed' }, { body: { resourceType: 'Bundle', type: 'history' } }],
  ])('in the form of %s is understood', (_form, what, raw) => {
    expect(told(raw)).toEqual(what)
  })

  it.each<[string, Parameters<typeof told>[0]]>([
    ['cut off', { body: JSON.stringify(visit).slice(0, -20) }],
    [
      'cut off, though its path is whole',
      { method: 'PUT', path: 'Appointment/v1', body: '{"resourceType":' },
    ],
    ['HTML', { body: '<html><body>Sign in</body></html>' }],
    ['a list', { body: [visit] }],
    ['a number', { body: '42' }],
    ['null', { body: 'null' }],
    ['a string', { body: '"Appointment/v1"' }],
    ['an object that is no resource', { body: {} }],
    ['a resource hidden in __proto__', { body: '{"__proto__":{"resourceType":"Appointment","id":"v1"}}' }],
    ['a resource of a type that is no string', { body: { resourceType: ['Appointment'], id: 'v1' } }],
    ['a resource without an id', { body: { ...visit, id: undefined } }],
    ['a resource with an id that is no string', { body: { ...visit, id: { v1: true } } }],
    ['a resource with an id that is a way out', { body: { ...visit, id: '..' } }],
    ['another resource', { body: { ...visit, resourceType: 'Patient' } }],
    ['another resource by its path', { method: 'PUT', path: 'Patient/v1', body: visit }],
    ['another resource deleted', { headers: { 'x-medplum-deleted-resource': 'Patient/v1' }, body: {} }],
    [
      'another resource among ours',
      { body: backport('event-notification', [focus('Appointment/v1'), focus('Patient/v1')]) },
    ],
    ['a path that leads elsewhere', { method: 'DELETE', path: 'Appointment/..' }],
    ['a path with a query', { method: 'DELETE', path: 'Appointment?status=booked' }],
  ])('that is %s is malformed', (_what, raw) => {
    expect(told(raw).kind).toBe('malformed')
  })

  it('that is not UTF-8 is malformed', () => {
    const body = Uint8Array.from([
      ...bytes('{"resourceType":"Appointment","id":"v1","x":"'),
      0xff,
      0x22,
      0x7d,
    ])
    const raw = { method: 'POST', path: '', headers: {}, body }
    expect(parseNotification(raw, scope).kind).toBe('malformed')
  })

  it('says nothing of its content when it is malformed', () => {
    expect(JSON.stringify(told({ body: '{"secret": "Sara"' }))).not.toContain('Sara')
  })
})

describe('whatever a host sends', () => {
  const anyEntry = fc.oneof(
    fc.json().map((text) => JSON.parse(text) as unknown),
    fc.constant({ resource: visit }),
  )
  const anyBody = fc.oneof(
    fc.uint8Array(),
    fc.json().map(bytes),
    fc
      .record({
        resourceType: fc.constantFrom('Bundle', 'Appointment', 'Patient'),
        id: fc.anything(),
        entry: fc.oneof(fc.anything(), fc.array(anyEntry)),
      })
      .map((any) =>
        bytes(JSON.stringify(any, (_key, value) => (typeof value === 'bigint' ? String(value) : value))),
      ),
  )

  it('is understood or refused, never thrown at, and names nothing but visits', () => {
    fc.assert(
      fc.property(anyBody, fc.constantFrom('', 'Appointment/v1', '/'), (body, path) => {
        const notification = parseNotification({ method: 'POST', path, headers: {}, body }, scope)
        const references = notification.kind === 'changed' ? notification.references : []
        expect(references.every((one) => /^Appointment\/[A-Za-z0-9.-]{1,64}$/.test(one))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
