/** A request that may not go yet. */
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'

/** The new time stands in the store, so that it survives everything. */
export async function postpone(
  world: World,
  reference: Reference,
  until: MessageRequest['dueAt'],
): Promise<void> {
  await amendRequest(world.store, reference, (request) =>
    request.status === 'active' && request.dueAt < until ? { dueAt: until } : undefined,
  )
}
