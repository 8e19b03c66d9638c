import { describe, expect, it } from 'vitest'
import type { MessageRequest, RequestContent } from '../../src/domain/message-request.ts'
import { after, hour } from '../../src/domain/time.ts'
import { toBinary } from '../../src/fhir/binary.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { openSentFile } from '../../src/flows/open-file.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, patient, permit, write } from './chart.ts'

const pdf = new TextEncoder().encode('%PDF-1.4 of a test')
const file = 'DocumentReference/letter'

/** A letter in Sara's chart, and her question on WhatsApp. */
async function clinic(subject = 'Patient/sara'): Promise<FakeWorld> {
  const world = await createWorld()
  world.emr.put(patient())
  world.emr.put(permit('whatsapp'))
  world.emr.put({ ...toBinary('application/pdf', pdf, file), id: 'letter' })
  world.emr.put({
    ...{
      resourceType: 'DocumentReference',
      id: 'letter',
      status: 'current',
      subject: { reference: subject },
    },
    content: [{ attachment: { contentType: 'application/pdf', title: 'Blood test', url: 'Binary/letter' } }],
  })
  await write(world, 'May I have my letter?', { channel: 'whatsapp', providerId: 'Q1' })
  return world
}

async function compose(world: FakeWorld, content: RequestContent, differs: Partial<MessageRequest> = {}) {
  const request: MessageRequest = {
    ...{ key: 'manual_1', status: 'active', category: 'conversation', priority: 'routine' },
    ...{ patient: 'Patient/sara', recipient: 'Patient/sara', plan: ['whatsapp'], dueAt: world.now() },
    window: { from: world.now(), until: after(world.now(), 24 * hour) },
    ...{ content, replyOptions: [], forbidden: false },
    ...differs,
  }
  world.emr.put({ id: 'composed', ...toCommunicationRequest(request) })
  await world.jobs.add({ kind: 'dispatch', request: 'CommunicationRequest/composed' })
  await world.settle()
}

function question({ emr }: FakeWorld): string {
  const found = emr.all('Communication').find((one) => one.identifier?.[0]?.value === 'Q1')
  return `Communication/${found?.id}`
}

describe('a document of the chart', () => {
  it('goes out under its name, with its words, and nothing of it stays with us', async () => {
    const world = await clinic()
    const before = world.emr.all('Binary').length
    await compose(world, { kind: 'file', file, text: 'As you asked' })
    const [sent] = world.carrier.ledger
    expect(sent?.content).toMatchObject({
      kind: 'file',
      file: { kind: 'document', contentType: 'application/pdf', name: 'Blood test.pdf', size: pdf.length },
      caption: 'As you asked',
    })
    const read = sent?.content.kind === 'file' ? await sent.content.file.read() : undefined
    expect(read).toEqual(pdf)
    expect(attempts(world)).toMatchObject([
      { file: { reference: file, name: 'Blood test.pdf' }, text: 'As you asked' },
    ])
    expect(world.emr.all('Binary')).toHaveLength(before)
  })

  it('opens for the attempt that sends it, and for no other file or attempt', async () => {
    const world = await clinic()
    await compose(world, { kind: 'file', file })
    const [attemptId = ''] = attempts(world).map((one) => one.attemptId)
    expect(await openSentFile(world.world, { attemptId, file })).toMatchObject({ name: 'Blood test.pdf' })
    expect(await openSentFile(world.world, { attemptId, file: 'Binary/letter' })).toBeUndefined()
    expect(await openSentFile(world.world, { attemptId: 'other_0', file })).toBeUndefined()
  })

  it('of another patient goes to nobody', async () => {
    const world = await clinic('Patient/omar')
    await compose(world, { kind: 'file', file })
    expect(world.carrier.ledger).toEqual([])
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'file-missing' }])
  })
})

describe('an answer to one message', () => {
  it('quotes it', async () => {
    const world = await clinic()
    await compose(world, { kind: 'text', text: 'On its way' }, { answers: question(world) })
    expect(world.carrier.ledger[0]).toMatchObject({ text: 'On its way', replyTo: 'Q1' })
  })

  it('may be an emoji', async () => {
    const world = await clinic()
    await compose(world, { kind: 'reaction', emoji: '👍' }, { answers: question(world) })
    expect(world.carrier.ledger.map(({ content }) => content)).toEqual([
      { kind: 'reaction', emoji: '👍', toMessage: 'Q1' },
    ])
    expect(attempts(world)).toMatchObject([{ reaction: '👍', answers: question(world) }])
  })
})
