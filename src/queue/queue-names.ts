/**
 * Where things are in Redis. The braces are a hash tag: all keys of one install share a cluster slot, as BullMQ needs.
 */

import type { Lane } from '../domain/lane.ts'

export const defaultPrefix = 'qasid'

export type QueueName = string

/** All jobs of an install that send nothing: what someone waits for; and beside it what a sweep plans, or a campaign orders. */
export function inboxQueue(install: string, lane: Lane = 'fast'): QueueName {
  return lane === 'fast' ? `${tag(install)}-inbox` : `${tag(install)}-inbox-bulk`
}

/** Send jobs of one sender. No sender can be called so that one lane takes the other's name. */
export function sendQueue(install: string, sender: string, lane: Lane = 'fast'): QueueName {
  return lane === 'fast' ? `${tag(install)}-send-${plain(sender)}` : `${tag(install)}-bulk-${plain(sender)}`
}

/** Periodic work; apart, because schedulers skip ticks on a busy queue. */
export function clockQueue(install: string): QueueName {
  return `${tag(install)}-clock`
}

export function clockHealthKey(prefix: string, install: string): string {
  return `${prefix}:${tag(install)}-clock-health`
}

export function tallyKey(prefix: string, install: string): string {
  return `${prefix}:${tag(install)}-tally`
}

export function senderBoardKey(prefix: string, install: string): string {
  return `${prefix}:${tag(install)}-senders`
}

/** A sender's turns; two keys. */
export function paceKeys(prefix: string, install: string, sender: string): [string, string] {
  const key = `${prefix}:${tag(install)}-pace-${plain(sender)}`
  return [key, `${key}:turns`]
}

/** Of a day's messages, of people, of pairs. */
export function capKey(
  prefix: string,
  install: string,
  of: 'day' | 'people' | 'pair',
  whose: string,
): string {
  return `${prefix}:${tag(install)}-caps-${of}-${plain(whose)}`
}

/** What is remembered of a feed, and of what it found. */
export function feedKeys(prefix: string, install: string, key: string): [string, string] {
  const record = `${prefix}:${tag(install)}-feed-${plain(key)}`
  return [record, `${record}:prints`]
}

/** Lives for the second in which more of the same is held back. */
export function stormKey(prefix: string, install: string, reference: string): string {
  return `${prefix}:${tag(install)}-told-${reference}`
}

export function liveChannel(prefix: string, install: string): string {
  return `${prefix}:${tag(install)}-live`
}

/** The set of worker processes, and one expiring key for each. */
export function workersKey(prefix: string): string {
  return `${prefix}:{workers}`
}
export function workerKey(prefix: string, worker: string): string {
  return `${workersKey(prefix)}:${worker}`
}

/** Of what may be used once; a mark holds for all installs. */
export function takenKey(prefix: string, mark: string): string {
  return `${prefix}:{taken}:${plain(mark)}`
}

function tag(install: string): string {
  return `{${plain(install)}}`
}

/** Ids are chosen by whoever installs; these signs would break keys apart or move them to another slot. */
function plain(id: string): string {
  if (!/^[^\s:{}]+$/.test(id))
    throw new Error(`An install or sender id may not be empty or contain ":", "{", "}" or spaces`)
  return id
}
