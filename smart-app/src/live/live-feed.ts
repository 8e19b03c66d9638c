/**
 * The live feed: a stream of references, read again when it breaks. What happened before it stood is unknown, so
 * every connection, the first too, says `onResume` and everything is read again. Errors end in a state, never in an exception.
 */
import { liveChange } from '../../../src/contract/api.ts'
import type { Reference } from '../../../src/domain/message-request.ts'
import { type Duration, minute, second } from '../../../src/domain/time.ts'
import { createSseParser } from './sse-parser.ts'

/** `off`: the backend refuses us; a new launch would help. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'off'

export type LiveStream = { kind: 'stream'; body: ReadableStream<Uint8Array> } | { kind: 'refused' }

export interface LiveFeedParts {
  /** Rejects when nothing answers. */
  open(signal: AbortSignal): Promise<LiveStream>
  /** Resolves after that long, or at once when the signal aborts. */
  wait(howLong: Duration, signal: AbortSignal): Promise<void>
  /** 0 to 1. */
  random(): number
  onState(state: LiveState): void
  onChange(reference: Reference): void
  onResume(): void
}

/** The server's heartbeat is far more frequent: silence this long is a broken line that nobody told us about. */
const silentAtMost = 90 * second

export async function runLiveFeed(parts: LiveFeedParts, signal: AbortSignal): Promise<void> {
  let failures = 0
  parts.onState('connecting')
  while (!signal.aborted) {
    const ended = await connectOnce(parts, signal)
    if (signal.aborted) return
    failures = ended === 'was-live' ? 1 : failures + 1
    parts.onState(ended === 'refused' ? 'off' : 'reconnecting')
    await parts.wait(pauseAfter(failures, ended, parts.random()), signal)
  }
}

type Ended = 'was-live' | 'failed' | 'refused'

async function connectOnce(parts: LiveFeedParts, signal: AbortSignal): Promise<Ended> {
  const connection = new AbortController()
  const both = AbortSignal.any([signal, connection.signal])
  let live = false
  try {
    const stream = await parts.open(both)
    if (stream.kind === 'refused') return 'refused'
    live = true
    parts.onState('live')
    parts.onResume()
    await readChanges(stream.body, parts, both)
  } catch {
    // A broken line is what the next turn of the loop is for.
  } finally {
    connection.abort()
  }
  return live ? 'was-live' : 'failed'
}

async function readChanges(
  body: ReadableStream<Uint8Array>,
  parts: LiveFeedParts,
  signal: AbortSignal,
): Promise<void> {
  const parser = createSseParser()
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  for (;;) {
    const piece = await withinSilence(reader.read(), parts, signal)
    if (!piece || piece.done) return
    for (const event of parser.push(piece.value)) {
      const change = parseChange(event.data)
      if (change) parts.onChange(change)
    }
  }
}

/** `undefined` when nothing came, not even a heartbeat. */
async function withinSilence<T>(
  reading: Promise<T>,
  parts: LiveFeedParts,
  signal: AbortSignal,
): Promise<T | undefined> {
  const done = new AbortController()
  const silence = parts.wait(silentAtMost, AbortSignal.any([signal, done.signal])).then(() => undefined)
  try {
    return await Promise.race([reading, silence])
  } finally {
    done.abort()
  }
}

function parseChange(data: string): Reference | undefined {
  try {
    return liveChange.parse(JSON.parse(data)).reference
  } catch {
    return undefined
  }
}

/** 1 s, 2 s, 4 s … at most 30 s, each shortened by up to half so that a thousand tabs do not come back at once. */
export function pauseAfter(failures: number, ended: Ended, random: number): Duration {
  const longest = ended === 'refused' ? minute : Math.min(30 * second, second * 2 ** (failures - 1))
  return longest * (1 - random / 2)
}
