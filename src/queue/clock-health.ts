/**
 * How periodic work is doing, kept in Redis so that the web process can tell. "It ran" is no proof: a run that threw
 * is failing, and so is work that has not run for too long.
 */
import type { Redis } from 'ioredis'
import { type Duration, type Instant, second } from '../domain/time.ts'
import { whenReady } from './connection.ts'
import { clockHealthKey, defaultPrefix } from './queue-names.ts'

export interface WorkHealth {
  name: string
  lastRunAt?: Instant
  lastOkAt?: Instant
  failing: boolean
}

/** As it lies in Redis. */
export interface WorkRecord {
  every: Duration
  knownSince: Instant
  lastRunAt?: Instant
  lastOkAt?: Instant
  threw?: boolean
}

export interface ClockPlace {
  connection: Redis
  prefix?: string
  install: string
}

export function judgeWork(name: string, record: WorkRecord, now: Instant): WorkHealth {
  const silentFor = now - (record.lastRunAt ?? record.knownSince)
  return {
    name,
    ...(record.lastRunAt !== undefined && { lastRunAt: record.lastRunAt }),
    ...(record.lastOkAt !== undefined && { lastOkAt: record.lastOkAt }),
    failing: record.threw === true || silentFor > 3 * record.every + 30 * second,
  }
}

/**
 * All periodic work that workers of the install announced; empty before the first worker started. Throws
 * `QueueUnavailable` while Redis is away.
 */
export async function readClockHealth(place: ClockPlace & { now: Instant }): Promise<WorkHealth[]> {
  await whenReady(place.connection)
  const records = await place.connection.hgetall(keyOf(place))
  return Object.entries(records)
    .map(([name, text]) => judgeWork(name, JSON.parse(text) as WorkRecord, place.now))
    .sort((one, other) => one.name.localeCompare(other.name))
}

export async function readWork(place: ClockPlace, name: string): Promise<WorkRecord | undefined> {
  const text = await place.connection.hget(keyOf(place), name)
  return text ? (JSON.parse(text) as WorkRecord) : undefined
}

export async function saveWork(place: ClockPlace, name: string, record: WorkRecord): Promise<void> {
  await place.connection.hset(keyOf(place), name, JSON.stringify(record))
}

/** Forgets work that no release knows any more, or it would be failing for ever. */
export async function keepOnly(place: ClockPlace, names: string[]): Promise<void> {
  const gone = (await place.connection.hkeys(keyOf(place))).filter((name) => !names.includes(name))
  if (gone.length > 0) await place.connection.hdel(keyOf(place), ...gone)
}

function keyOf({ prefix = defaultPrefix, install }: ClockPlace): string {
  return clockHealthKey(prefix, install)
}
