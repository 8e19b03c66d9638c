/** What every probe works with: one server, what was found before, and what could not be taken back. */
import type { Probing } from '../flows/install-ports.ts'
import type { Emr } from '../flows/ports.ts'
import type { FhirServer } from './fhir-call.ts'

type Found = Awaited<ReturnType<Probing>>['probes'][number]
export type End = Found['end']
export type ProbeName = Found['name']

export interface Bench {
  server: FhirServer
  emr: Emr
  wish: Parameters<Probing>[0]
  /** How often a new Subscription is read again, and milliseconds before each time. */
  looks: number
  pauseFor: number
  /** What could not be removed. */
  left: string[]
  /** In the order in which they were tried. */
  done: Found[]
}

export type Tries<Name extends ProbeName> = Record<Name, (bench: Bench) => Promise<End>>

export const worked: End = { kind: 'worked' }
export const notOffered: End = { kind: 'untried', because: 'not-offered' }
export const notNeeded: End = { kind: 'untried', because: 'not-needed' }
export const nothingToRead: End = { kind: 'untried', because: 'nothing-to-read' }
export const cannotBeRemoved: End = { kind: 'untried', because: 'cannot-be-removed' }

export function offered({ wish }: Bench, type: string, interaction: string): boolean {
  return wish.statement.resources.get(type)?.interactions.includes(interaction) ?? false
}

/** What a token may not remove, it must not write for a try. */
export function mayRemove(bench: Bench, type: string): boolean {
  return offered(bench, type, 'delete') && bench.wish.mayRemove(type)
}

export async function takeBack({ emr, left }: Bench, reference: string): Promise<void> {
  const isGone = await emr.remove(reference).catch(() => false)
  if (!isGone) left.push(reference)
}
