/** A clinician's message through our gateway: what the app says is taken, and nothing else. */
import type { CommunicationRequest } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { hour } from '../../src/domain/time.ts'
import { extension } from '../../src/fhir/codes.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { writeFromChart } from '../../src/flows/write-from-chart.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, patient, permit, visit, write } from './chart.ts'

const by = { patient: 'Patient/sara', requester: 'Practitioner/mona' }

async function sidecar(): Promise<FakeWorld> {
  const world = await createWorld({}, { hostCan: (interaction) => interaction !== 'create' })
  world.host.put(patient())
  world.host.put(patient({ id: 'omar', telecom: [] }))
  world.emr.put(permit())
  return world
}

/** As the composer makes it. */
function composed({ world }: FakeWorld, differs: Partial<MessageRequest> = {}): CommunicationRequest {
  const now = world.now()
  return toCommunicationRequest({
    ...{ key: 'manual_01JD4M0V7Q', status: 'active', category: 'conversation', priority: 'routine' },
    ...{ patient: by.patient, recipient: by.patient, plan: ['sms'], dueAt: now, forbidden: false },
    ...{ window: { from: now, until: now }, replyOptions: [] },
    content: { kind: 'text', text: 'The laboratory is open from eight.' },
    ...differs,
  })
}

describe('a clinician’s message through the gateway', () => {
  it('is written once per key, and goes the one way out', async () => {
    const world = await sidecar()
    const dueAt = world.now()
    const request = composed(world, { window: { from: dueAt, until: (dueAt + hour) as typeof dueAt } })
    const first = await writeFromChart(world.world, request, by)
    const second = await writeFromChart(world.world, request, by)
    expect([first, second]).toMatchObject([{ isNew: true }, { isNew: false }])
    const [held] = world.emr.all('CommunicationRequest')
    await world.jobs.add({ kind: 'dispatch', request: `CommunicationRequest/${held?.id}` })
    await world.settle()
    expect(attempts(world)).toMatchObject([{ state: 'queued', patient: by.patient }])
    expect(world.host.writes).toBe(0)
  })

  it.each([
    ['the session’s user', by.requester],
    ['nobody, where the EMR did not say who launched', undefined],
  ])('names %s, whoever it says', async (_who, requester) => {
    const world = await sidecar()
    const request = composed(world, { requester: 'Practitioner/somebody-else' })
    await writeFromChart(world.world, request, { ...by, requester })
    const [held] = world.emr.all('CommunicationRequest')
    expect(held?.requester?.reference).toBe(requester)
  })

  it('keeps nothing that the app does not say', async () => {
    const world = await sidecar()
    const tag = [{ system: 'urn:x', code: 'planted' }]
    const note = [{ text: 'planted' }]
    await writeFromChart(
      world.world,
      { ...composed(world), meta: { tag }, note, statusReason: { text: 'planted' } },
      by,
    )
    expect(JSON.stringify(world.emr.all('CommunicationRequest'))).not.toContain('planted')
  })

  type Change = (request: CommunicationRequest) => Partial<CommunicationRequest>
  const round = { url: extension.retryRound, valuePositiveInt: 1 }
  const key = (value: string) => () => ({
    identifier: [{ system: 'https://qasid.dev/fhir/NamingSystem/request-key', value }],
  })
  it.each<[string, Change, RegExp]>([
    ['for another patient', () => ({ subject: { reference: 'Patient/omar' } }), /another patient|recipient/],
    ['to another person', () => ({ recipient: [{ reference: 'Patient/omar' }] }), /recipient/],
    ['that is not active', () => ({ status: 'completed' }), /active/],
    ['that forbids', () => ({ doNotPerform: true }), /forbids/],
    ['without a key', () => ({ identifier: undefined }), /key/],
    ['with a reminder’s key', key('visit_20261122T090000Z_48h'), /key/],
    [
      'that passes for an answer to a STOP',
      () => ({
        category: [
          {
            coding: [
              { system: 'https://qasid.dev/fhir/CodeSystem/message-category', code: 'consent-confirmation' },
            ],
          },
        ],
      }),
      /staff/,
    ],
    ['with words of the engine’s', (one) => ({ extension: [...(one.extension ?? []), round] }), /engine/],
    ['that says nothing', () => ({ payload: undefined }), /nothing/],
    ['without a channel', () => ({ medium: undefined }), /channel/],
    ['without a time', () => ({ occurrenceDateTime: undefined }), /occurrence/],
    ['that answers what is not there', () => ({ about: [{ reference: 'Communication/none' }] }), /answer/],
    ['about a visit of another patient', () => ({ about: [{ reference: 'Appointment/his' }] }), /visit/],
  ])('%s is refused, in a sentence', async (_what, change, sentence) => {
    const world = await sidecar()
    world.host.put(
      visit(world.now(), {
        id: 'his',
        participant: [{ actor: { reference: 'Patient/omar' }, status: 'accepted' }],
      }),
    )
    const request = composed(world)
    const refused = await writeFromChart(world.world, { ...request, ...change(request) }, by)
    expect(refused).toMatchObject({ kind: 'refused', error: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(refused).toMatchObject({ error: expect.stringMatching(sentence) })
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })

  it('may answer what this patient wrote, and nothing that another did', async () => {
    const world = await sidecar()
    await write(world, 'May I come on Sunday?')
    const [message] = world.emr.all('Communication').filter(({ sent, received }) => sent && received)
    const answers = `Communication/${message?.id}`
    expect(await writeFromChart(world.world, composed(world, { answers }), by)).toMatchObject({
      kind: 'written',
    })
    const other = { ...by, patient: 'Patient/omar' }
    const his = composed(world, {
      answers,
      key: 'manual_2',
      patient: other.patient,
      recipient: other.patient,
    })
    expect(await writeFromChart(world.world, his, other)).toMatchObject({ kind: 'refused' })
  })

  it('is told nothing of what stands under another patient’s key', async () => {
    const world = await sidecar()
    await writeFromChart(world.world, composed(world), by)
    const other = { patient: 'Patient/omar' }
    const his = composed(world, { patient: other.patient, recipient: other.patient })
    expect(await writeFromChart(world.world, his, other)).toEqual({
      kind: 'refused',
      error: 'The key of the message is taken.',
    })
  })
})
