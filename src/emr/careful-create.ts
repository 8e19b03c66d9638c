/**
 * Create unless there is one, on a server that knows no condition: look, write, and look again. Whoever then sees another
 * takes theirs back, so of several that wrote at the same moment one remains or none, and who took back begins anew.
 * No order among them could decide it: the one that is younger may have looked before the other was written.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FhirResource } from 'fhir/r4'
import { ConflictError, type Emr, type Identifier, type ResourceOf, type Stored } from '../flows/ports.ts'
import type { ResourceType } from './interaction.ts'
import { toToken } from './search-query.ts'

type Asked = Pick<Emr, 'search' | 'create' | 'save'>

const mostTries = 6
/** Milliseconds, doubled each time. */
const firstPause = 20

export async function createCarefully<R extends FhirResource>(
  emr: Asked,
  resource: R,
  identifier: Identifier,
): Promise<{ resource: Stored<R>; created: boolean }> {
  for (let tried = 0; tried < mostTries; tried++) {
    const before = oldestOf(await findAll(emr, resource, identifier))
    if (before) return { resource: before, created: false }
    const { resource: mine } = await emr.create(resource)
    const others = (await findAll(emr, resource, identifier)).filter(({ id }) => id !== mine.id)
    if (others.length === 0) return { resource: mine, created: true }
    await takeBack(emr, mine)
    await wait(randomInt(firstPause * 2 ** tried))
  }
  throw new ConflictError(`Creating ${resource.resourceType}: others keep creating the same`)
}

/** The same one for whoever asks, as long as nobody changes them: two workers must not each go on with another. */
export async function findOldest<R extends FhirResource>(
  emr: Asked,
  resource: R,
  identifier: Identifier,
): Promise<Stored<R> | undefined> {
  return oldestOf(await findAll(emr, resource, identifier))
}

async function findAll<R extends FhirResource>(
  emr: Asked,
  { resourceType }: R,
  identifier: Identifier,
): Promise<Stored<R>[]> {
  const type: ResourceType = resourceType
  return (await emr.search(type, {
    identifier: toToken(identifier),
  })) as Stored<FhirResource>[] as Stored<R>[]
}

function oldestOf<R extends FhirResource>(found: Stored<R>[]): Stored<R> | undefined {
  return found.toSorted((a, b) => changedAt(a) - changedAt(b) || (a.id < b.id ? -1 : 1))[0]
}

/** Not deleted, which not every server lets us: nobody finds it without its identifiers, and it says nothing any more. */
async function takeBack(emr: Asked, resource: Stored<FhirResource>): Promise<void> {
  const mine = resource as Stored<ResourceOf<'Communication'>>
  const isMessage = ['Communication', 'CommunicationRequest'].includes(resource.resourceType)
  const silent = { payload: undefined, extension: undefined, topic: undefined }
  const emptied = isMessage && { ...silent, status: 'entered-in-error' as const }
  // It keeps no profile either: a store that checks them would refuse what lacks its identifier.
  const meta = { ...mine.meta, profile: undefined }
  await emr.save({ ...mine, meta, identifier: undefined, ...emptied })
}

function changedAt({ meta }: FhirResource): number {
  return Date.parse(meta?.lastUpdated ?? '') || 0
}
