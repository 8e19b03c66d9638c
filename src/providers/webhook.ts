/** What webhooks of all companies have in common: bytes to values, and signatures in constant time. */
import { timingSafeEqual } from 'node:crypto'
import type { ProviderEvent } from '../domain/outcome.ts'
import type { Parsed, RawWebhook } from './provider.ts'

/** `undefined` when the bytes are not JSON in UTF-8. */
export function readJson({ body }: Pick<RawWebhook, 'body'>): unknown {
  const text = readText({ body })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `undefined` when the bytes are not UTF-8. */
export function readText({ body }: Pick<RawWebhook, 'body'>): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

/** The attempt that our own callback URL names. */
export function attemptIn({ url }: Pick<RawWebhook, 'url'>): string | undefined {
  return new URL(url).searchParams.get('attempt') ?? undefined
}

export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export function events(...found: ProviderEvent[]): Parsed {
  return { kind: 'events', events: found }
}

export function ignored(because: string): Parsed {
  return events({ kind: 'ignored', because })
}

export function malformed(because: string): Parsed {
  return { kind: 'malformed', because }
}
