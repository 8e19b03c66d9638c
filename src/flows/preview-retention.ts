/**
 * preview-retention: what `retain` would remove now, counted and not touched.
 * in: messages and requests that are older than they are kept · decides: nothing · out: counts and the oldest time of each kind
 */
import { keptSince } from '../domain/retention.ts'
import type { Instant } from '../domain/time.ts'
import { findOld, type Old } from './find-old.ts'
import type { World } from './ports.ts'

export type OldKind = Old['kind'] | 'file'

export interface RetentionPreview {
  /** Absent where all is kept for ever. */
  since?: Instant
  found: { kind: OldKind; count: number; oldest: Instant }[]
}

export async function previewRetention(world: World): Promise<RetentionPreview> {
  const { retention } = await world.clinic.settings()
  const since = keptSince(retention, world.now())
  if (since === undefined) return { found: [] }
  const found = new Map<OldKind, { count: number; oldest: Instant }>()
  const note = (kind: OldKind, at: Instant, count: number) => {
    const known = found.get(kind)
    if (!known) return void found.set(kind, { count, oldest: at })
    known.count += count
    if (at < known.oldest) known.oldest = at
  }
  for await (const batch of findOld(world.store, since))
    for (const one of batch) {
      note(one.kind, one.at, 1)
      if (one.kind === 'patient-message' && one.files > 0) note('file', one.at, one.files)
    }
  return { since, found: [...found].map(([kind, counted]) => ({ kind, ...counted })) }
}
