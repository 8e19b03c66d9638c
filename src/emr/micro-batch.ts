/**
 * What many ask in the same moment goes to the server as one batch. Nobody waits for company: what is asked while the
 * server is free goes at once, and what gathers while it is busy goes together. So a slow server gets few large
 * requests and slows us down, and a lone question is the plain request that it always was.
 *
 * What the server will not take as a batch is taken apart and asked one by one.
 */
import type { FhirResource } from 'fhir/r4'
import { type Clock, EmrError } from '../flows/ports.ts'
import { fromBatch, toBatch } from './batch-bundle.ts'
import { nextBatchSize } from './batch-size.ts'
import type { Answer, FhirCall } from './fhir-call.ts'
import { type Ask, asOfNow, type Interaction, labelsAsSent, wholeAnswer } from './interaction.ts'
import { divide, merge, mergeable, mostMerged, type Search } from './merged-search.ts'
import { isTrouble } from './trouble.ts'

export interface MicroBatchWishes {
  call: FhirCall
  alone: Ask
  /** As the server is to read it. */
  written?(interaction: Interaction): Interaction
  /** All resources of a search, from its first page on. */
  readAll(search: Search, first: Record<string, unknown>): Promise<FhirResource[]>
  now: Clock
  /** Entries in one batch. */
  most: number
  /** Requests at the same time. */
  atOnce: number
  /** Milliseconds that a batch has to wait for others; 0 when it may go. */
  holdFor?(): number
}

interface Asker {
  interaction: Interaction
  /** Equal for what one entry can ask for all; absent for what cannot be shared. */
  key: string | undefined
  since: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** One entry, and everybody who waits for it. */
interface Part {
  interaction: Interaction
  askers: Asker[]
}

/** Milliseconds in line. */
const mostInLine = 10_000
/** A server that refused a batch as such is asked again whether it takes one after this. */
const refusesFor = 600_000
/** Requests at the same time to a server that takes no batch. */
const aloneAtOnce = 8

export function createMicroBatch(wishes: MicroBatchWishes): Ask {
  const { most, atOnce, now, holdFor = () => 0 } = wishes
  let waiting: Asker[] = []
  let underway = 0
  let size = Math.min(most, 32)
  let takesNoneUntil = 0
  let isDue = false

  const gather = () => {
    if (isDue) return
    isDue = true
    // Whoever was woken by the same answer asks in the same turn.
    setImmediate(() => {
      isDue = false
      const hold = holdFor()
      if (hold > 0) return void setTimeout(gather, hold)
      while (waiting.length > 0 && underway < (takesBatches() ? atOnce : aloneAtOnce)) void run()
    })
  }

  const takesBatches = () => now() >= takesNoneUntil

  const run = async () => {
    const { parts, left } = pick(inTime(waiting, now() - mostInLine), takesBatches() ? size : 1)
    waiting = left
    if (parts.length === 0) return
    underway += 1
    const began = now()
    const end = await sendParts(wishes, parts)
    underway -= 1
    if (end === 'refused') takesNoneUntil = now() + refusesFor
    if (parts.length > 1)
      size = nextBatchSize(size, { of: parts.length, tookFor: now() - began, failed: end !== 'taken' }, most)
    if (waiting.length > 0) gather()
  }

  return (interaction) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ interaction, key: keyOf(interaction), since: now(), resolve, reject })
      gather()
    })
}

/** Who stands in line for longer than an answer may take hears so: whoever waits for it can do something else. */
function inTime(waiting: Asker[], since: number): Asker[] {
  const isLate = (asker: Asker) => asker.since < since
  for (const { interaction, reject } of waiting.filter(isLate))
    reject(new EmrError(`${interaction.doing}: the server is too busy with what was asked before`))
  return waiting.filter((asker) => !isLate(asker))
}

/** The next parts, in order of asking: equal reads are one, and searches that can be merged are one. */
function pick(waiting: Asker[], most: number): { parts: Part[]; left: Asker[] } {
  const parts: Part[] = []
  const known = new Map<string, Part>()
  const left: Asker[] = []
  for (const asker of waiting) {
    const { key } = asker
    const part = key === undefined ? undefined : known.get(key)
    if (part && part.askers.length < mostMerged) part.askers.push(asker)
    else if (parts.length < most) {
      const begun = { interaction: asker.interaction, askers: [asker] }
      parts.push(begun)
      if (key !== undefined) known.set(key, begun)
    } else left.push(asker)
  }
  return { parts: parts.map(whole), left }
}

/** Writes are never shared. */
function keyOf(interaction: Interaction): string | undefined {
  if (interaction.kind === 'read') return `${interaction.type}/${interaction.id} ${interaction.summary}`
  return interaction.kind === 'search' ? mergeable(interaction)?.shape : undefined
}

function whole(part: Part): Part {
  const searches = part.askers.flatMap(({ interaction }) =>
    interaction.kind === 'search' ? [interaction] : [],
  )
  return searches.length > 1 ? { ...part, interaction: merge(searches) } : part
}

type End = 'taken' | 'failed' | 'refused'

/** Answers every asker, whatever happens. */
async function sendParts(wishes: MicroBatchWishes, parts: Part[]): Promise<End> {
  const [only] = parts
  if (!only) return 'taken'
  if (parts.length === 1) {
    await askPart(wishes, only)
    return 'taken'
  }
  const interactions = parts.map(({ interaction }) => interaction)
  const sent = await sendBatch(wishes, interactions)
  if (sent.kind === 'failed') {
    for (const part of parts) rejectAll(part, sent.error)
    return 'failed'
  }
  if (sent.kind === 'refused') {
    await apart(wishes, parts)
    return sent.forSize ? 'failed' : 'refused'
  }
  await Promise.all(parts.map((part, index) => settle(wishes, part, sent.answers[index])))
  return 'taken'
}

type Sent =
  | { kind: 'answered'; answers: (Answer | EmrError)[] }
  | { kind: 'failed'; error: unknown }
  | { kind: 'refused'; forSize: boolean }

async function sendBatch(
  { call, written = (one) => one }: MicroBatchWishes,
  interactions: Interaction[],
): Promise<Sent> {
  try {
    const body = toBatch(interactions.map(written)) as unknown as { resourceType: 'Bundle'; type: 'batch' }
    const { body: answer } = await call(
      `Asking ${interactions.length} things at once`,
      (client, options) => client.batch({ body, options }),
      { ...wholeAnswer, ...labelsAsSent, ...asOfNow },
    )
    const answers = fromBatch(answer, interactions)
    return answers ? { kind: 'answered', answers } : { kind: 'refused', forSize: false }
  } catch (error) {
    const status = error instanceof EmrError ? error.status : undefined
    if (status === 413) return { kind: 'refused', forSize: true }
    return isRefusal(status) ? { kind: 'refused', forSize: false } : { kind: 'failed', error }
  }
}

/** Down, or in trouble: that is no word about batches. Neither is a token that is not taken. */
function isRefusal(status = 0): boolean {
  return (status >= 300 && status < 500 && ![401, 408, 429].includes(status)) || status === 501
}

/** An entry that met trouble of the server's own is asked once more by itself. */
async function settle(wishes: MicroBatchWishes, part: Part, answer: Answer | EmrError | undefined) {
  if (answer && !(answer instanceof EmrError)) return answerAll(wishes, part, answer)
  const { status } = answer ?? {}
  const isItsOwn = part.askers.length === 1 && status !== undefined && status < 500
  if (isItsOwn || status === 429) return rejectAll(part, answer)
  await apart(wishes, [part])
}

const apartAtOnce = 4

/** Each asker's own question, a few at a time. */
async function apart({ alone }: MicroBatchWishes, parts: Part[]): Promise<void> {
  const askers = parts.flatMap((part) => part.askers).values()
  const lane = async () => {
    for (const { interaction, resolve, reject } of askers) await alone(interaction).then(resolve, reject)
  }
  await Promise.all(Array.from({ length: apartAtOnce }, lane))
}

async function askPart(wishes: MicroBatchWishes, part: Part): Promise<void> {
  try {
    await answerAll(wishes, part, await wishes.alone(part.interaction))
  } catch (error) {
    // A server in trouble is not helped by a hundred questions instead of one.
    if (part.askers.length === 1 || isTrouble(error)) rejectAll(part, error)
    else await apart(wishes, [part])
  }
}

async function answerAll({ readAll }: MicroBatchWishes, { interaction, askers }: Part, answer: Answer) {
  if (interaction.kind !== 'search' || askers.length === 1) {
    for (const { resolve } of askers) resolve(answer)
    return
  }
  try {
    const found = await readAll(interaction, answer.body)
    const shares = divide(
      askers.map((asker) => asker.interaction as Search),
      found,
    )
    for (const [index, { resolve }] of askers.entries())
      resolve({ ...answer, body: toSearchSet(shares[index] ?? []) })
  } catch (error) {
    for (const { reject } of askers) reject(error)
  }
}

function toSearchSet(found: FhirResource[]): Record<string, unknown> {
  return { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) }
}

function rejectAll({ askers }: Part, error: unknown): void {
  for (const { interaction, reject } of askers) reject(said(interaction, error))
}

/** In the words of what was asked; whoever asked knows nothing of a batch. */
function said({ doing }: Interaction, error: unknown): unknown {
  if (!(error instanceof EmrError) || error.message.startsWith(doing)) return error
  const because = error.message.replace(/^[^:]*: /, '')
  return new EmrError(`${doing}: ${because}`, { status: error.status, cause: error.cause })
}
