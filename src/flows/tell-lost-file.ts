/**
 * tell-lost-file: a file cannot be sent, and whoever ordered it should know which of the reasons it is.
 * in: what the chart says of the file · decides: nothing · out: one sentence
 */
import type { Reference } from '../domain/message-request.ts'
import { reasons } from '../domain/reason.ts'
import { fromDocumentReference } from '../fhir/document-reference.ts'
import { idOf, typeOf } from '../fhir/reference.ts'
import { EmrError, type World } from './ports.ts'

/** Only what the EMR lets us see can be told: what it forbids is as if it were not there. */
export async function tellLostFile(
  world: Pick<World, 'host'>,
  file: Reference,
  patient: Reference,
): Promise<string> {
  try {
    return (await reasonFor(world, file, patient)) ?? reasons['file-missing']
  } catch (error) {
    if (error instanceof EmrError && error.status === 403) return reasons['file-missing']
    throw error
  }
}

async function reasonFor(
  { host }: Pick<World, 'host'>,
  file: Reference,
  patient: Reference,
): Promise<string | undefined> {
  if (typeOf(file) === 'Binary')
    return (await host.read('Binary', idOf(file), { summary: true }))
      ? 'Nothing in the EMR says that the file is this patient’s: name its DocumentReference.'
      : undefined
  const resource = await host.read('DocumentReference', idOf(file))
  const document = resource && fromDocumentReference(resource)
  if (!document) return undefined
  if (document.patient !== patient) return 'The file is not this patient’s.'
  return document.current ? undefined : 'The document is superseded or was entered in error.'
}
