/** Files on their way, in both directions, under ids that nobody can guess. All are gone when the sandbox stops. */
import { createHash, randomUUID } from 'node:crypto'
import type { CarriedFile } from './send-request.ts'
import type { FileShelf } from './wire.ts'

/** As the strictest of the companies has it. */
const largest = 16 * 1024 * 1024
const fetchedWithin = 10_000

export function createFileShelf(stopped: AbortSignal): FileShelf {
  const files = new Map<string, { contentType: string; name?: string; bytes: Uint8Array }>()
  const put: FileShelf['put'] = (file) => {
    const id = randomUUID().replaceAll('-', '')
    files.set(id, file)
    return id
  }
  return {
    put,
    get: (id) => files.get(id),
    fetch: async (url) => {
      try {
        const signal = AbortSignal.any([stopped, AbortSignal.timeout(fetchedWithin)])
        const response = await fetch(url, { signal })
        const bytes = response.ok ? await readUpTo(largest, response) : undefined
        if (!bytes) return undefined
        const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
        const name = nameIn(response.headers.get('content-disposition') ?? '')
        return put({ contentType: contentType.replace(/;.*/, '').trim(), ...(name && { name }), bytes })
      } catch {
        // Gone, refused, too slow: to a company all the same.
        return undefined
      }
    },
  }
}

/** What a message says of a file on the shelf. */
export function carriedFile(files: FileShelf, id: string): CarriedFile | undefined {
  const file = files.get(id)
  if (!file) return undefined
  const { contentType, name, bytes } = file
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { id, contentType, ...(name && { name }), size: bytes.length, sha256 }
}

async function readUpTo(most: number, response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    // Leaving the loop lets go of the connection.
    if (size > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The name in `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`. */
function nameIn(disposition: string): string | undefined {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? []
  const [, quoted, plain] = /filename=(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? []
  return encoded ? decodeURIComponent(encoded) : quoted || plain
}
