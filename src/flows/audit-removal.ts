/** That content was removed, and of what: references only. */
import type { Reference } from '../domain/message-request.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import type { World } from './ports.ts'
import type { Removal } from './remove-content.ts'

/** Of one AuditEvent; a patient may have thousands of messages. */
const mostEntities = 200

export async function auditRemoval(world: World, removals: Removal[], patient?: Reference): Promise<void> {
  for (let start = 0; start < removals.length; start += mostEntities) {
    const entities = removals.slice(start, start + mostEntities).map(({ reference }) => reference)
    await world.store.create(
      toAuditEvent({ what: 'redact', patient, entities, source: world.install, now: world.now() }),
    )
  }
}
