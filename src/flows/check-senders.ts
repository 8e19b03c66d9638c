/**
 * check-senders: is every sender set up right, and who must know when one is not.
 * in: what each company says of our account · decides: nothing · out: the board; a Task while a sender is paused
 */
import type { Health } from '../domain/question.ts'
import { noteOutcome, pause, resume } from '../domain/sender-health.ts'
import { system } from '../fhir/codes.ts'
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
      await world.board.change(sender.id, (record) => noteOutcome(record, health, world.now()))
      break
  }
  if (health.kind === 'limited')
    world.log.warn('a sender works, with a warning', { code: `${sender.id} ${health.code}` })
  return health
}

/** Nothing more goes out through it until a test succeeds; its messages wait, or take another way. */
export async function pauseSender(world: World, sender: Sender, code: string): Promise<void> {
  const now = world.now()
  let since = now
  let isNew = false
  await world.board.change(sender.id, (record) => {
    isNew = record?.paused === undefined
    const paused = pause(record, code, now)
    since = paused.paused?.at ?? now
    return paused
  })
  if (isNew)
    world.log.error('a sender is not set up correctly; it is paused', { code: `${sender.id} ${code}` })
  // Redis may have forgotten a pause of which staff know already.
  if ((await openTasksOf(world, sender)).length > 0) return
  const identifier = senderTaskKey(sender.id, since)
  const { system: basics, value } = settingsIdentifier(world.install)
  const [settings] = await world.store.search('Basic', { identifier: `${basics}|${value}` }, { limit: 1 })
  if (!settings) return
  const what = `Sender ${sender.id} (${sender.provider}) is paused: ${code}`
  const task = toTask({ code: 'fix-sender', focus: referenceTo(settings), now, identifier, what })
  await world.store.create(task, identifier)
}

async function resumeSender(world: World, sender: Sender): Promise<void> {
  let wasPaused = false
  await world.board.change(sender.id, (record) => {
    wasPaused = record?.paused !== undefined
    return record && wasPaused ? resume(record, world.now()) : undefined
  })
  if (wasPaused) world.log.info('a sender is set up correctly again', { code: sender.id })
  await closeSenderTasks(world, sender)
}

async function openTasksOf(world: World, sender: Sender) {
  const open = await world.store.search('Task', { code: `${system.task}|fix-sender`, status: 'requested' })
  return open.filter(({ identifier = [] }) =>
    identifier.some(({ value }) => value?.startsWith(`fix-sender_${sender.id}_`)),
  )
}

async function closeSenderTasks(world: World, sender: Sender): Promise<void> {
  for (const task of await openTasksOf(world, sender)) {
    await amend(world.store, 'Task', referenceTo(task), (now) =>
      now.status === 'requested' ? { ...now, status: 'cancelled' } : undefined,
    )
  }
}
