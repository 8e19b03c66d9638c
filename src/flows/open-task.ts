/** Work for a human, while it is needed. */
import type { Reference } from '../domain/message-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { type TaskCode, taskIdentifier, toTask } from '../fhir/task.ts'
import { amend } from './amend.ts'
import type { World } from './ports.ts'

/** The trouble is over by itself: nobody has to look any more. */
export async function closeTask(world: World, code: TaskCode, focus: Reference): Promise<void> {
  const { system, value } = taskIdentifier(code, focus)
  const [open] = await world.store.search('Task', { identifier: `${system}|${value}`, status: 'requested' })
  if (!open) return
  await amend(world.store, 'Task', `Task/${open.id}`, (task) =>
    task.status === 'requested' ? { ...task, status: 'cancelled' } : undefined,
  )
}

/** A copy was taken: whether the first had left is nobody's work any more. */
export async function closeDoubts(world: World, request: Reference): Promise<void> {
  const found = await world.store.search('Communication', { 'based-on': request, status: 'unknown' })
  for (const one of found) await closeTask(world, 'unknown-outcome', referenceTo(one))
}

/** One Task per kind and subject, however often the trouble is found. */
export async function openTask(
  world: World,
  work: { code: TaskCode; focus: Reference; patient?: Reference },
): Promise<void> {
  await world.store.create(toTask({ ...work, now: world.now() }), taskIdentifier(work.code, work.focus))
}
