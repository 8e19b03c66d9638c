/**
 * The bytes of a Binary, as a stream. Asked for as whatever it is, so that the server sends bytes and not FHIR; of those
 * that send FHIR all the same, the bytes inside. Errors name the reference and the status, never what was answered.
 */
import { bytesOf, fromBinary, streamOf } from '../fhir/binary.ts'
import { EmrError, type OpenBinary } from '../flows/ports.ts'
import { bearerOf, type FhirServer, withoutSlash } from './fhir-call.ts'

/** The largest file that anyone takes (100 MB), in base64 and with its wrapping. */
const longestJson = 140_000_000
/** Of an answer that says why there is nothing. */
const longestOutcome = 64_000

interface Opened {
  response: Response
  /** Ends the connection. */
  abort: AbortController
}

export async function openBinary(server: FhirServer, reference: string): Promise<OpenBinary | undefined> {
  if (!/^Binary\/(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}$/.test(reference)) return undefined
  const doing = `Opening ${reference}`
  const { response, abort } = await ask(server, reference, doing)
  const { status, headers } = response
  const stream = patiently(response, abort, doing, server.timeoutFor)
  if (status === 404 || status === 410) return unlessForeign(doing, status, stream)
  if (!response.ok) {
    await stream.cancel()
    throw new EmrError(`${doing}: the server answered ${status}`, { status })
  }
  const contentType = headers.get('content-type') ?? 'application/octet-stream'
  if (/^application\/(fhir\+)?json\b/i.test(contentType)) return unwrapped(doing, contentType, stream)
  return { contentType, ...sizeIn(headers), stream }
}

/** A token that the server no longer takes is replaced once. */
async function ask(server: FhirServer, reference: string, doing: string): Promise<Opened> {
  const closed = server.gate?.closedBy()
  if (closed) throw new EmrError(`${doing}: the server answered ${closed.status}`, { status: closed.status })
  const bearer = await bearerOf(server.token)
  const first = await askOnce(server, reference, doing, bearer)
  if (first.response.status !== 401 || !server.token) return first
  first.abort.abort()
  server.token.drop(bearer)
  return askOnce(server, reference, doing, await bearerOf(server.token))
}

async function askOnce(
  { baseUrl, timeoutFor = 10_000 }: FhirServer,
  reference: string,
  doing: string,
  bearer: string | undefined,
): Promise<Opened> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), timeoutFor)
  // Packed in transit, its length would not be that of the file.
  const headers = new Headers({ accept: '*/*', 'accept-encoding': 'identity' })
  if (bearer) headers.set('authorization', `Bearer ${bearer}`)
  try {
    const init = { headers, redirect: 'manual' as const, signal: abort.signal }
    return { response: await fetch(`${withoutSlash(baseUrl)}/${reference}`, init), abort }
  } catch (cause) {
    if (abort.signal.aborted) throw new EmrError(`${doing}: no answer within ${timeoutFor} ms`)
    throw new EmrError(`${doing}: the server could not be reached`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Reads on only when asked, and never waits longer than `timeoutFor` for the next bytes. */
function patiently(
  { body }: Response,
  abort: AbortController,
  doing: string,
  timeoutFor = 10_000,
): ReadableStream<Uint8Array> {
  if (!body) return streamOf(new Uint8Array())
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const timer = setTimeout(() => abort.abort(), timeoutFor)
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch {
          controller.error(new EmrError(`${doing}: the answer broke off`))
        } finally {
          clearTimeout(timer)
        }
      },
      cancel: () => abort.abort(),
    },
    { highWaterMark: 0 },
  )
}

/** A proxy's page must not be read as "that file is gone". */
async function unlessForeign(
  doing: string,
  status: number,
  stream: ReadableStream<Uint8Array>,
): Promise<undefined> {
  const bytes = await bytesOf(stream, longestOutcome).catch(() => undefined)
  const text = bytes && new TextDecoder().decode(bytes)
  if (text === undefined || (text !== '' && parseJson(text) === undefined))
    throw new EmrError(`${doing}: the server answered ${status} with something that is not FHIR`)
  return undefined
}

/** A file may be JSON in its own right: only a Binary is unwrapped. */
async function unwrapped(
  doing: string,
  contentType: string,
  stream: ReadableStream<Uint8Array>,
): Promise<OpenBinary> {
  const sent = await bytesOf(stream, longestJson).catch((cause: unknown) => {
    throw cause instanceof EmrError ? cause : new EmrError(`${doing}: it is too large`)
  })
  const json = parseJson(new TextDecoder().decode(sent))
  const binary = fromBinary(json)
  if (!binary && (json as { resourceType?: unknown } | undefined)?.resourceType === 'Binary')
    throw new EmrError(`${doing}: the server told of it without its bytes`)
  const { bytes, ...file } = binary ?? { contentType, bytes: sent }
  return { ...file, size: bytes.length, stream: streamOf(bytes) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sizeIn(headers: Headers): { size?: number } {
  const length = headers.get('content-length')
  return length === null || headers.has('content-encoding') ? {} : { size: Number(length) }
}
