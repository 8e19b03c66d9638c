/**
 * write-back: a tick that tells the EMR, for its own chart, what was said with patients, where our records stand beside it.
 * in: messages of the outbox, oldest first · decides: `copyAnswerOf` · out: a Communication in the host each, once; the mark
 */
import type { Communication } from 'fhir/r4'
import { minute } from '../domain/time.ts'
import { type CopyMark, copyAnswerOf, markAfter } from '../domain/write-back.ts'
import {
  copyFactOf,
  copyIdentifier,
  copyMarkOf,
  toChartCopy,
  untold,
  withCopyMark,
} from '../fhir/chart-copy.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import { amend } from './amend.ts'
import { EmrError, type Stored, type World } from './ports.ts'

/** As much as the slowest of hosts takes in a minute. */
const mostAtOnce = 300
/** One that the host stumbles over keeps no other from it; a host that is away is not asked three hundred times. */
const mostFailures = 3

export async function writeBack(world: World): Promise<void> {
  if (!(await world.hostCan('create', 'Communication'))) {
    world.log.warn('the host takes no Communications: nothing can be written back to it')
    return
  }
  // From the other end each minute: what the host stumbles over at one end keeps nothing for ever.
  const isEven = Math.floor(world.now() / minute) % 2 === 0
  const parameters = { ...untold, _sort: isEven ? 'sent' : '-sent', _count: String(mostAtOnce) }
  const found = await world.store.search('Communication', parameters, { limit: mostAtOnce })
  const failures: unknown[] = []
  for (const { id } of found) {
    // As it is now: its content may have been removed meanwhile.
    const message = await world.store.read('Communication', id)
    if (message) await tell(world, message).catch((error: unknown) => failures.push(error))
    if (failures.length === mostFailures) break
  }
  if (failures.length > 0) throw failures[0]
}

function isUntold(message: Communication): boolean {
  const mark = markAfter(copyMarkOf(message), copyFactOf(message))
  return mark === 'waiting' || mark === 'to-correct'
}

/** Dies it between host and mark, the next tick finds the copy by its identifier. Rejects while the host is away. */
async function tell(world: World, message: Stored<Communication>): Promise<void> {
  const copy = isUntold(message) ? toChartCopy(message) : undefined
  if (!copy) return note(world, message, undefined)
  const refusal = await writeCopy(world, copy, message)
  if (refusal === undefined) {
    world.tally.count('written_back', copy.status)
    return note(world, message, copy.status === 'stopped' ? 'corrected' : 'told')
  }
  const reference = referenceTo(message)
  world.log.warn('the host does not take a message for its chart', { reference, code: String(refusal) })
  world.tally.count('written_back', 'refused')
  await note(world, message, 'refused')
}

/** The status of a refusal. */
async function writeCopy(
  world: World,
  copy: Communication,
  message: Stored<Communication>,
): Promise<number | undefined> {
  try {
    const { resource, created } = await createOnce(world, copy, copyIdentifier(message))
    const isWrong = !created && resource.status !== copy.status
    if (isWrong && (await world.hostCan('update', 'Communication')))
      await world.host.save({ ...resource, status: copy.status })
    return undefined
  } catch (error) {
    const status = error instanceof EmrError ? error.status : undefined
    if (copyAnswerOf(status) === 'refused') return status
    throw error
  }
}

/** Where the host finds none by its identifier, the patient's are looked through; nobody else writes ours meanwhile. */
async function createOnce(
  { host, hostFindsBy }: World,
  copy: Communication,
  identifier: { system: string; value: string },
): Promise<{ resource: Stored<Communication>; created: boolean }> {
  const patient = fromReference(copy.subject)
  if (!patient || (await hostFindsBy('identifier', 'Communication'))) return host.create(copy, identifier)
  const told = await host.search('Communication', { patient })
  const same = told.find((one) =>
    one.identifier?.some(({ system, value }) => system === identifier.system && value === identifier.value),
  )
  return same ? { resource: same, created: false } : host.create(copy)
}

async function note({ store }: World, message: Stored<Communication>, mark: CopyMark | undefined) {
  await amend(store, 'Communication', referenceTo(message), (now) => withCopyMark(now, mark))
}
