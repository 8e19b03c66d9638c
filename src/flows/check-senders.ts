/**
 * check-senders: is every sender set up right, and who must know when one is not.
 * in: what each company says of our account · decides: nothing · out: the board; a Task while a sender is paused
 */
import type { Task } from 'fhir/r4'
import { circuitState, takeTrial } from '../domain/circuit.ts'
import type { Reference } from '../domain/message-request.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Health } from '../domain/question.ts'
import { isCutOff, isPaused, noteOutcome, pause, resume, type SenderRecord } from '../domain/sender-health.ts'
import { referenceTo } from '../fhir/reference.ts'
import { settingsIdentifier } from '../fhir/settings.ts'
import { senderTaskKey, toTask } from '../fhir/task.ts'
import { amend } from './amend.ts'
import type { Sender, World } from './ports.ts'

export async function checkSenders(world: World): Promise<void> {
  for (const sender of world.senders) await checkSender(world, sender)
}

/** Asks now, and draws the consequences: what is right goes on, what is wrong is paused and staff are told. */
export async function checkSender(world: World, sender: Sender): Promise<Health> {
  const health = await sender.checkHealth()
  switch (health.kind) {
    case 'healthy':
    case 'limited':
      await resumeSender(world, sender)
      break
    case 'misconfigured':
      await pauseSender(world, sender, health.code)
      break
    case 'unreachable':
      await (await noteCall(world, sender, health))()
      break
  }
  if (health.kind === 'limited')
    world.log.warn('a sender works, with a warning', { code: `${sender.id} ${health.code}` })
  return health
}

/**
 * Remembers how a call went. While a company does not answer its sender calls no more, save to see; staff are told when that
 * begins, and when it is over: by the function that is given back.
 */
export async function noteCall(world: World, sender: Sender, outcome: Outcome): Promise<() => Promise<void>> {
  let wasCutOff = false
  let now: SenderRecord | undefined
  await world.board.change(sender.id, (record) => {
    wasCutOff = isCutOff(record)
    now = noteOutcome(record, outcome, world.now(), sender.id)
    return now
  })
  const isNow = isCutOff(now)
  const isOver = !isPaused(now)
  return async () => {
    if (isNow && !wasCutOff) await tellCutOff(world, sender, outcome)
    if (isNow || !wasCutOff) return
    world.log.info('a provider answers again', { code: sender.id })
    if (isOver) await endAlert(world, sender)
  }
}

async function tellCutOff(world: World, sender: Sender, outcome: Outcome): Promise<void> {
  const code = 'code' in outcome ? outcome.code : 'no-answer'
  world.log.error('a provider does not answer; its sender rests', { code: `${sender.id} ${code}` })
  await alertStaff(world, sender, {
    what: `Sender ${sender.id} (${sender.provider}) cannot reach its provider and rests: ${code}. It is tried again by itself.`,
    again: true,
  })
}

/** True for whoever may go out to see whether the company answers again, and where nobody has to. */
export async function mayCall(world: World, sender: Sender): Promise<boolean> {
  let may = true
  await world.board.change(sender.id, (record) => {
    const state = circuitState(record?.circuit, world.now())
    may = state !== 'open'
    const taken = state === 'trial' && record?.circuit && takeTrial(record.circuit, world.now())
    return taken ? { ...record, circuit: taken } : undefined
  })
  return may
}

/** Nothing more goes out through it until a test succeeds; its messages wait, or take another way. */
export async function pauseSender(world: World, sender: Sender, code: string): Promise<void> {
  let isNew = false
  await world.board.change(sender.id, (record) => {
    isNew = record?.paused === undefined
    return pause(record, code, world.now())
  })
  if (isNew)
    world.log.error('a sender is not set up correctly; it is paused', { code: `${sender.id} ${code}` })
  await alertStaff(world, sender, {
    what: `Sender ${sender.id} (${sender.provider}) is paused: ${code}`,
    again: isNew,
  })
}

async function resumeSender(world: World, sender: Sender): Promise<void> {
  let wasPaused = false
  let stillCutOff = false
  await world.board.change(sender.id, (record) => {
    wasPaused = record?.paused !== undefined
    stillCutOff = !wasPaused && isCutOff(record)
    return record && wasPaused ? resume(record, world.now()) : undefined
  })
  if (wasPaused) world.log.info('a sender is set up correctly again', { code: sender.id })
  // That its test succeeds does not say yet that it takes messages.
  if (!stillCutOff) await endAlert(world, sender)
}

/**
 * One Task per sender, however often it is paused, and by how many messages at once. What staff have closed while it is
 * still paused stays closed.
 */
async function alertStaff(
  world: World,
  sender: Sender,
  { what, again }: { what: string; again: boolean },
): Promise<void> {
  const identifier = senderTaskKey(sender.id)
  const known = await taskOf(world, sender)
  if (known) {
    if (again) await setTask(world, referenceTo(known), { status: 'requested', description: what })
    return
  }
  const { system: basics, value } = settingsIdentifier(world.install)
  const [settings] = await world.store.search('Basic', { identifier: `${basics}|${value}` }, { limit: 1 })
  if (!settings) return
  const focus = referenceTo(settings)
  const task = toTask({ code: 'fix-sender', focus, now: world.now(), identifier, what })
  await world.store.create(task, identifier)
}

async function endAlert(world: World, sender: Sender): Promise<void> {
  const known = await taskOf(world, sender)
  if (known?.status === 'requested') await setTask(world, referenceTo(known), { status: 'cancelled' })
}

async function taskOf({ store }: World, sender: Sender) {
  const { system, value } = senderTaskKey(sender.id)
  return (await store.search('Task', { identifier: `${system}|${value}` }, { limit: 1 }))[0]
}

async function setTask(
  { store }: World,
  reference: Reference,
  change: Pick<Task, 'status' | 'description'>,
): Promise<void> {
  await amend(store, 'Task', reference, (now) =>
    now.status === change.status && (change.description ?? now.description) === now.description
      ? undefined
      : { ...now, ...change },
  )
}
