/** Work for a human: one Task per kind and subject, however often the trouble is found. */
import type { Reference } from '../domain/message-request.ts'
import { type TaskCode, taskIdentifier, toTask } from '../fhir/task.ts'
import type { World } from './ports.ts'

export async function openTask(
  world: World,
  work: { code: TaskCode; focus: Reference; patient?: Reference },
): Promise<void> {
  await world.store.create(toTask({ ...work, now: world.now() }), taskIdentifier(work.code, work.focus))
}
