/** Work for a human, while it is needed. */
import type { Reference } from '../domain/message-request.ts'
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

/** One Task per kind and subject, however often the trouble is found. */
export async function openTask(
  world: World,
  work: { code: TaskCode; focus: Reference; patient?: Reference },
): Promise<void> {
  await world.store.create(toTask({ ...work, now: world.now() }), taskIdentifier(work.code, work.focus))
}
