/** A clinic where much was said: what tests of its removal look at. */
import type { FhirResource } from 'fhir/r4'
import { hour } from '../../src/domain/time.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { book, patient, permit, phone, write } from './chart.ts'
import { orderIn } from './ordering.ts'

const jpeg = Uint8Array.from('\u00ff\u00d8\u00ff a hand', (one) => one.charCodeAt(0))

/** Words, a name of a file, bytes, and the one number of Sara and her brother Omar. */
export const said = {
  sent: 'Please bring your papers.',
  refused: 'Your parcel is here.',
  written: 'My rash is worse',
  file: 'hand.jpg',
  bytes: Buffer.from(jpeg).toString('base64'),
}

/** Sara was sent one message, refused another, wrote one with a picture, was reminded of a visit once, and is to be again. */
export async function clinicWithWords(): Promise<FakeWorld> {
  const world = await createWorld()
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  await order(world, said.sent)
  world.carrier.next({ kind: 'rejected', reason: 'content-refused', code: '1' })
  await order(world, said.refused)
  const picture = { kind: 'image', location: 'F1', contentType: 'image/jpeg', name: said.file } as const
  for (const sender of world.world.senders)
    sender.fetchFile = async () => ({ kind: 'file', contentType: 'image/jpeg', bytes: jpeg })
  await write(world, said.written, { files: [picture] })
  await book(world, 60 * hour)
  await world.pass(13 * hour)
  return world
}

async function order(world: FakeWorld, text: string): Promise<void> {
  const call = { key: `k-${text.length}`, body: 'b' }
  await orderIn(world, { content: { kind: 'text', text }, channels: ['sms'], call })
  await world.settle()
}

/** Someone else at the same number, with words of the same day. */
export async function addBrother(world: FakeWorld): Promise<void> {
  world.emr.put(patient({ id: 'omar' }))
  world.emr.put(permit('sms', { patient: 'omar' }))
  const call = { key: 'k-omar', body: 'b' }
  const content = { kind: 'text', text: 'Omar, your results are here.' } as const
  await orderIn(world, { to: ['Patient/omar'], content, channels: ['sms'], call })
  await world.settle()
}

const types = ['Communication', 'CommunicationRequest', 'Binary', 'AuditEvent', 'Task', 'Provenance'] as const

/** Everything that the store still gives to anyone, older versions too. */
export function heldIn({ emr }: FakeWorld): string {
  const all: FhirResource[] = types.flatMap((type) => emr.all(type))
  return JSON.stringify(all.flatMap((one) => emr.history(`${one.resourceType}/${one.id}`)))
}

export function found(world: FakeWorld): string[] {
  const held = heldIn(world)
  return [...Object.values(said), phone].filter((words) => held.includes(words))
}
