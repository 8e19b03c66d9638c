/** A file that we put into the store loses its bytes; that it was there stays. To delete, we would need a right that we need for nothing else. */
import type { Reference } from '../domain/message-request.ts'
import { idOf } from '../fhir/reference.ts'
import { ConflictError, type Emr } from './ports.ts'

/** What is gone already is as empty as can be. */
export async function emptyFile(store: Emr, file: Reference): Promise<void> {
  // A summary, because there is no use in reading all of it once more.
  const binary = await store.read('Binary', idOf(file), { summary: true })
  if (!binary) return
  const { resourceType, id, contentType, securityContext } = binary
  // What a summary adds to `meta` says that it must not be saved.
  const meta = { versionId: binary.meta?.versionId }
  try {
    await store.save({ resourceType, id, meta, contentType, securityContext })
  } catch (error) {
    // Only somebody else who empties it changes it.
    if (!(error instanceof ConflictError)) throw error
  }
  await store.removeVersions(file)
}
