/**
 * open-file: a file of the chart, for one patient. Nothing of it is kept: it is read from the EMR each time.
 * in: a DocumentReference or Binary · decides: whose it is, and whether it still holds · out: the file, or nothing
 */
import { fileName } from '../domain/file-type.ts'
import type { Reference } from '../domain/message-request.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { bytesOf, streamOf, TooLarge } from '../fhir/binary.ts'
import { naming } from '../fhir/codes.ts'
import { fromDocumentReference } from '../fhir/document-reference.ts'
import { fromReference, idOf, typeOf } from '../fhir/reference.ts'
import { type Emr, EmrError, type OpenBinary, type ResourceOf, type World } from './ports.ts'

/** No company takes more. */
export const largestFile = 100_000_000

export interface ChartFile {
  /** MIME type. */
  contentType: string
  /** With its ending. */
  name: string
  /** Bytes, where the EMR says so. */
  size?: number
  /** Opened anew each time, for whoever reads it to the end or cancels it. Rejects with `EmrError`. */
  stream(): Promise<OpenBinary>
  /** Rejects with `EmrError` while the EMR cannot give it, or when it is larger than any company takes. */
  read(): Promise<Uint8Array>
}

/** Where the bytes are, and what the chart says of them. */
interface Found {
  title?: string
  contentType?: string
  /** `undefined` when they are gone. */
  open(): Promise<OpenBinary | undefined>
}

/**
 * `undefined` when there is none (any more), when it is superseded or entered in error, and when it is not this
 * patient's: a file must never reach another person. Throws `EmrError` while the EMR cannot tell.
 */
export async function openFile(
  places: Pick<World, 'host' | 'store'>,
  reference: Reference,
  patient: Reference,
): Promise<ChartFile | undefined> {
  const found = await unlessForbidden(find(places, reference, patient))
  const opened = found && (await unlessForbidden(found.open()))
  if (!found || !opened) return undefined
  // Only what is told of it was wanted; whoever wants its bytes opens it again.
  await opened.stream.cancel()
  const contentType = found.contentType ?? opened.contentType
  const stream = async () => {
    const again = await found.open()
    if (!again) throw new EmrError(`${reference} is gone and cannot be opened`, { status: 404 })
    return again
  }
  return {
    contentType,
    name: fileName(found.title, contentType),
    size: opened.size,
    stream,
    async read() {
      const { stream: bytes } = await stream()
      return bytesOf(bytes, largestFile).catch((cause: unknown) => {
        throw cause instanceof TooLarge ? new EmrError(`${reference} is too large to be read`) : cause
      })
    },
  }
}

/** The file of one attempt, for the company that fetches it by itself: no other file, and of no other patient. */
export async function openSentFile(
  world: Pick<World, 'host' | 'store'>,
  { attemptId, file }: { attemptId: string; file: Reference },
): Promise<ChartFile | undefined> {
  const [resource] = await world.store.search('Communication', {
    identifier: `${naming.attemptId}|${attemptId}`,
  })
  const attempt = resource && fromAttempt(resource)
  return attempt?.file?.reference === file ? openFile(world, file, attempt.patient) : undefined
}

/** What we may not read is nothing that we can send; trying again would only hear it again. */
async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof EmrError && error.status === 403) return undefined
    throw error
  })
}

async function find(
  { host, store }: Pick<World, 'host' | 'store'>,
  reference: Reference,
  patient: Reference,
): Promise<Found | undefined> {
  switch (typeOf(reference)) {
    case 'DocumentReference':
      return findDocument(host, reference, patient)
    case 'Binary':
      // What patients sent us; the chart's own are reached through their document. Nothing else says whose it is.
      return (await whoseIs(store, reference, patient)) === 'this-patient'
        ? { open: () => store.openBinary(reference) }
        : undefined
    default:
      return undefined
  }
}

async function findDocument(host: Emr, reference: Reference, patient: Reference): Promise<Found | undefined> {
  const resource = await host.read('DocumentReference', idOf(reference))
  const document = resource && fromDocumentReference(resource)
  if (!document?.current || document.patient !== patient) return undefined
  const { title, contentType, content } = document
  if (content.kind === 'elsewhere') return undefined
  // A link that leads to another person's bytes is somebody's mistake.
  const isForeign =
    content.kind === 'binary' && (await whoseIs(host, content.reference, patient, reference)) === 'another'
  if (isForeign) return undefined
  const open = async () => (content.kind === 'binary' ? host.openBinary(content.reference) : inline(content))
  const inline = ({ bytes }: { bytes: Uint8Array }): OpenBinary => ({
    contentType: contentType ?? 'application/octet-stream',
    size: bytes.length,
    stream: streamOf(bytes),
  })
  return { title, contentType, open }
}

/** A Binary has no subject; where it says by whose rules it is read, those tell. `pointer` is what led to it. */
async function whoseIs(
  host: Emr,
  reference: Reference,
  patient: Reference,
  pointer?: Reference,
): Promise<'this-patient' | 'another' | 'unsaid'> {
  const binary = await host.read('Binary', idOf(reference), { summary: true })
  const context = fromReference(binary?.securityContext)
  if (context === patient || (context && context === pointer)) return 'this-patient'
  if (!binary?.securityContext) return 'unsaid'
  // On another server: somebody else's.
  if (!context) return 'another'
  const owner = typeOf(context) === 'Patient' ? context : await patientOf(host, context)
  if (!owner) return 'unsaid'
  return owner === patient ? 'this-patient' : 'another'
}

async function patientOf(host: Emr, context: Reference): Promise<Reference | undefined> {
  const type = typeOf(context)
  if (type !== 'DocumentReference' && type !== 'Communication') return undefined
  const held: ResourceOf<'DocumentReference' | 'Communication'> | undefined = await host.read(
    type,
    idOf(context),
  )
  return fromReference(held?.subject)
}
