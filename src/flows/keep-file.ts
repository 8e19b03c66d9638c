/** A patient's files go into the store, and their places into the message that they came with; or why they never will. */
import { isUnsaid, mayBeTaken, typeOfBytes } from '../domain/file-type.ts'
import { type FileReceived, type Inbound, isWaiting } from '../domain/inbound.ts'
import type { Reference } from '../domain/message-request.ts'
import type { FetchedFile } from '../domain/question.ts'
import { toBinary } from '../fhir/binary.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendInbound } from './amend-message.ts'
import { emptyFile } from './empty-file.ts'
import { type Emr, EmrError } from './ports.ts'

/** The most that WhatsApp's own users can send as picture, sound or film. */
export const largestReceived = 16 * 1024 * 1024

export type Found =
  | Extract<FetchedFile, { kind: 'file' }>
  | { kind: 'refused'; because: NonNullable<FileReceived['lost']> }

/** Which of the message's files it is, its hash as the company announced it, and what was found there. */
export interface FoundFile extends Pick<FileReceived, 'sha256'> {
  index: number
  found: Found
}

/**
 * The Binaries come first, then one change of the message: a death between the two leaves Binaries that nothing points to,
 * never a message that points to nothing. A file that someone else has kept meanwhile stays theirs. Where one cannot be
 * written now, those before it are kept, and the error goes on.
 */
export async function keepFiles(
  store: Emr,
  message: Reference,
  files: FoundFile[],
): Promise<Inbound | undefined> {
  const changes = new Map<number, Partial<FileReceived>>()
  const keepAll = async () => {
    for (const { index, sha256, found } of files)
      changes.set(
        index,
        found.kind === 'refused'
          ? { lost: found.because }
          : ((await reasonAgainst(found, sha256)) ?? (await kept(store, message, found))),
      )
  }
  const written = () =>
    amendInbound(store, message, ({ files: known = [] }) => ({
      files: known.map((file, index) => {
        const change = changes.get(index)
        return change && isWaiting(file) ? changed(file, change) : file
      }),
    }))
  await keepAll().catch(async (error: unknown) => {
    if (changes.size > 0) await written()
    throw error
  })
  const inbound = await written()
  // Emptied meanwhile: nothing would point to what was brought, and nothing would remove it.
  if (!inbound) for (const { location } of changes.values()) if (location) await emptyFile(store, location)
  return inbound
}

/** One of them. */
export function keepFile(
  store: Emr,
  message: Reference,
  { index, sha256 }: Omit<FoundFile, 'found'>,
  found: Found,
): Promise<Inbound | undefined> {
  return keepFiles(store, message, [{ index, sha256, found }])
}

async function reasonAgainst(
  { bytes, contentType }: Extract<Found, { kind: 'file' }>,
  sha256: string | undefined,
): Promise<Pick<FileReceived, 'lost'> | undefined> {
  if (!mayBeTaken(contentType)) return { lost: 'type-not-taken' }
  if (bytes.length > largestReceived) return { lost: 'too-large' }
  const isAnnounced = sha256 === undefined || sha256 === (await hashOf('SHA-256', bytes))
  if (isAnnounced && typeOfBytes(contentType, bytes)) return undefined
  return { lost: isAnnounced && isUnsaid(contentType) ? 'type-not-taken' : 'altered' }
}

async function kept(
  store: Emr,
  message: Reference,
  { bytes, contentType: claimed }: Extract<Found, { kind: 'file' }>,
): Promise<Partial<FileReceived>> {
  const contentType = typeOfBytes(claimed, bytes) ?? claimed
  try {
    const { resource } = await store.create(toBinary(contentType, bytes, message))
    return {
      location: referenceTo(resource),
      contentType,
      size: bytes.length,
      sha1: await hashOf('SHA-1', bytes),
    }
  } catch (error) {
    return notKept(error)
  }
}

/** A store that takes no such file, or none of ours, would refuse it again for ever; any other error passes. */
function notKept(error: unknown): Partial<FileReceived> {
  const status = error instanceof EmrError ? (error.status ?? 0) : 0
  if (status === 413) return { lost: 'too-large' }
  if ([400, 403, 404, 405, 415, 422].includes(status)) return { lost: 'type-not-taken' }
  throw error
}

/** What the company announced has done its work. */
function changed({ sha256: _announced, ...file }: FileReceived, change: Partial<FileReceived>): FileReceived {
  // What is lost keeps no address: the company's is of no use to anyone.
  return change.lost ? { ...file, location: undefined, ...change } : { ...file, ...change }
}

async function hashOf(algorithm: 'SHA-1' | 'SHA-256', bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest(algorithm, new Uint8Array(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
