/** Whose a file is: a wrong link must not carry one person's papers to another. And what several files cost. */
import { beforeEach, describe, expect, it } from 'vitest'
import { openFile } from '../../src/flows/open-file.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, write } from './chart.ts'

const sara = 'Patient/sara'
let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  world.emr.put(patient())
})

function putBinary(context?: string): void {
  world.emr.put({
    ...{ resourceType: 'Binary', id: 'b', contentType: 'image/png', data: btoa('png') },
    ...(context && { securityContext: { reference: context } }),
  })
}

function putDocument(id: string, subject: string): void {
  world.emr.put({
    ...{ resourceType: 'DocumentReference', id, status: 'current', subject: { reference: subject } },
    content: [{ attachment: { contentType: 'image/png', url: 'Binary/b' } }],
  })
}

const opens = async (reference: string) => (await openFile(world.world, reference, sara)) !== undefined

describe('a file whose context is', () => {
  it.each<[string, string | undefined, boolean, boolean]>([
    ['the patient', sara, true, true],
    ['the document that leads to it', 'DocumentReference/letter', true, true],
    ['another document of the patient', 'DocumentReference/older', true, true],
    ['nothing', undefined, false, true],
    ['what tells of no patient', 'Organization/ward', false, true],
    ['a document that is gone', 'DocumentReference/none', false, true],
    ['another patient', 'Patient/omar', false, false],
    ['a document of another patient', 'DocumentReference/foreign', false, false],
    ['a patient of another server', 'https://other.example/fhir/Patient/sara', false, false],
  ])('%s: named by itself, or by a document of the patient', async (_what, context, bare, pointedAt) => {
    putBinary(context)
    putDocument('letter', sara)
    putDocument('older', sara)
    putDocument('foreign', 'Patient/omar')
    expect([await opens('Binary/b'), await opens('DocumentReference/letter')]).toEqual([bare, pointedAt])
  })
})

describe('files that come with a message', () => {
  const jpeg = Uint8Array.from('\u00ff\u00d8\u00ff\u00e0', (one) => one.charCodeAt(0))
  const files = ['one', 'two', 'three'].map((name) => ({
    ...{
      kind: 'image' as const,
      location: name,
      contentType: 'image/jpeg',
      name: `${name}.jpg`,
      bytes: jpeg,
    },
  }))
  const message = () => world.emr.all('Communication').find(({ payload }) => payload?.[0]?.contentAttachment)
  const places = () => message()?.payload?.map((one) => one.contentAttachment?.url?.split('/')[0])

  it('are written to it at once', async () => {
    await write(world, '', { channel: 'whatsapp', files })
    expect(places()).toEqual(['Binary', 'Binary', 'Binary'])
    const idle = await createWorld()
    idle.emr.put(patient())
    await write(idle, 'without files', { channel: 'whatsapp' })
    const versionsOf = (one: FakeWorld) =>
      one.emr.all('Communication').map(({ id }) => one.emr.versions(`Communication/${id}`))
    expect(Math.max(...versionsOf(world))).toBe(Math.max(...versionsOf(idle)) + 1)
  })

  it('are not written twice when the store failed between them', async () => {
    const create = world.world.store.create
    let binaries = 0
    world.world.store.create = async (resource, unless) => {
      if (resource.resourceType === 'Binary' && ++binaries === 3)
        throw new EmrError('Creating Binary: 503', { status: 503 })
      return create(resource, unless)
    }
    const event = { channel: 'whatsapp', files, providerId: 'M1' } as const
    await expect(write(world, '', event)).rejects.toThrow(EmrError)
    expect(places()).toEqual(['Binary', 'Binary', undefined])
    await write(world, '', event)
    expect(places()).toEqual(['Binary', 'Binary', 'Binary'])
    expect(world.emr.all('Binary')).toHaveLength(3)
  })
})

it('a message of which nothing shows who wrote it says so in the store', async () => {
  await write(world, 'STOP', { channel: 'whatsapp', unproven: true })
  expect(world.emr.all('Communication').map(({ meta }) => meta?.tag)).toContainEqual([
    { system: 'https://qasid.dev/fhir/CodeSystem/mark', code: 'unproven' },
  ])
})
