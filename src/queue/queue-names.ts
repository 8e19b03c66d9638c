/**
 * Where things are in Redis. The braces are a hash tag: all keys of one install share a cluster slot, as BullMQ needs.
 */

export const defaultPrefix = 'qasid'

export type QueueName = string

/** All jobs of an install that send nothing: what someone waits for, and behind it what a sweep plans. */
export function inboxQueue(install: string): QueueName {
  return `${tag(install)}-inbox`
}

/** Send jobs of one sender, paced by it. */
export function sendQueue(install: string, sender: string): QueueName {
  return `${tag(install)}-send-${plain(sender)}`
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

function tag(install: string): string {
  return `{${plain(install)}}`
}

/** Ids are chosen by whoever installs; these signs would break keys apart or move them to another slot. */
function plain(id: string): string {
  if (!/^[^\s:{}]+$/.test(id))
    throw new Error(`An install or sender id may not be empty or contain ":", "{", "}" or spaces`)
  return id
}
