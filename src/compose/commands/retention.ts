/** `qasid retention` and `qasid forget`: what was said is removed, after its time or because the patient asks. */
import { toIso } from '../../domain/time.ts'
import { findToForget, forgetPatient } from '../../flows/forget-patient.ts'
import type { World } from '../../flows/ports.ts'
import { type OldKind, previewRetention } from '../../flows/preview-retention.ts'
import type { Removal } from '../../flows/remove-content.ts'
import { retain } from '../../flows/retain.ts'
import type { Answer } from './answer.ts'
import { toTable } from './table.ts'
import { type Given, textOf, UsageError } from './usage.ts'

export const retentionOptions = { 'dry-run': { type: 'boolean' } } as const

const words: Record<OldKind, string> = {
  'patient-message': 'messages of patients',
  file: 'their files',
  attempt: 'messages sent, or tried',
  request: 'requests',
}

export async function retention(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  takesOptionsOnly(given)
  const world = await openWorld()
  return given.values['dry-run'] ? preview(world) : run(world)
}

async function preview(world: World): Promise<Answer> {
  const { since, found } = await previewRetention(world)
  if (since === undefined) return keepsAll()
  const json = {
    before: toIso(since),
    found: found.map(({ kind, count, oldest }) => ({ kind, count, oldest: toIso(oldest) })),
  }
  const rows = found.map(({ kind, count, oldest }) => [words[kind], count, toIso(oldest).slice(0, 10)])
  const told =
    rows.length > 0 ? toTable(['what', 'count', 'oldest'], rows) : ['Nothing is older than it is kept.']
  return { lines: told, json, code: 0 }
}

/** As often as it takes. */
async function run(world: World): Promise<Answer> {
  const removals: Removal[] = []
  for (;;) {
    const { since, removals: more, failed, isCutOff } = await retain(world)
    removals.push(...more)
    if (since === undefined && removals.length === 0) return keepsAll()
    if (isCutOff && more.length > 0) continue
    const { lines, json } = tell(removals)
    const left = failed > 0 ? [`Not emptied, and tried again hourly: ${failed}.`] : []
    return { lines: [...lines, ...left], json: { ...json, failed }, code: failed > 0 ? 1 : 0 }
  }
}

function keepsAll(): Answer {
  const line = 'All is kept for ever: the setting retention.contentFor says so.'
  return { lines: [line], json: { keeps: 'forever' }, code: 0 }
}

export const forgetOptions = {
  patient: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

export async function forget(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  takesOptionsOnly(given)
  const patient = textOf(given, 'patient') ?? ''
  if (!/^Patient\/[A-Za-z0-9.-]{1,64}$/.test(patient))
    throw new UsageError('Name one patient with --patient Patient/….')
  if (given.values['dry-run']) return foreseen(await findToForget(await openWorld(), patient))
  if (!given.values.yes)
    throw new UsageError('What is deleted cannot be brought back: look first with --dry-run, then say --yes.')
  const { removals, pending, underWay } = await forgetPatient(await openWorld(), patient)
  const { lines, json } = tell(removals)
  const withdrawn = pending > 0 ? [`Not sent yet, and withdrawn: ${pending}.`] : []
  return {
    lines: [...lines, ...withdrawn, keepsConsents, ...waiting(underWay.length)],
    json: { ...json, withdrawn: pending, underWay: underWay.length },
    code: underWay.length > 0 ? 1 : 0,
  }
}

const keepsConsents = 'Consents are kept: without them a STOP could not be respected any more.'

function foreseen({
  requests,
  messages,
  pending,
  underWay,
}: Awaited<ReturnType<typeof findToForget>>): Answer {
  const counts = { requests: requests.length, messages: messages.length, pending, underWay: underWay.length }
  return {
    lines: [
      `Would be emptied: messages ${counts.messages}, requests ${counts.requests}.`,
      ...(pending > 0 ? [`Not sent yet, and would be withdrawn: ${pending}.`] : []),
      ...waiting(counts.underWay),
    ],
    json: counts,
    code: 0,
  }
}

function waiting(count: number): string[] {
  return count > 0
    ? [`Being sent or read just now, and left alone: ${count}. Run it again in a few minutes.`]
    : []
}

/** What went, and in plain words what did not. */
function tell(removals: Removal[]): { lines: string[]; json: Record<string, unknown> } {
  const cannot = removals.filter(({ atCompany }) => atCompany === 'cannot')
  const refused = removals.filter(({ atCompany }) => atCompany === 'refused')
  const later = removals.filter(({ atCompany }) => atCompany === 'later')
  const atProviders = removals.filter(({ atCompany }) => atCompany === 'redacted').length
  const oldVersions = removals.filter(({ keepsVersions }) => keepsVersions).length
  const lines = [
    `Emptied: ${removals.length}${atProviders > 0 ? `, at the provider too: ${atProviders}` : ''}.`,
    ...by(cannot, 'still have what they got, and no way to remove it'),
    ...by(refused, 'refused to remove it'),
    ...(later.length > 0 ? [`Not yet removed at the provider, which is asked hourly: ${later.length}.`] : []),
    ...(oldVersions > 0
      ? [`Older versions stay in the store, which has no way to remove them: of ${oldVersions}.`]
      : []),
  ]
  const left = { cannot: countBy(cannot), refused: countBy(refused), later: countBy(later) }
  return { lines, json: { emptied: removals.length, atProviders, left, oldVersions } }
}

function by(removals: Removal[], what: string): string[] {
  const counts = Object.entries(countBy(removals)).map(([provider, count]) => `${provider} (${count})`)
  return counts.length > 0 ? [`Providers that ${what}: ${counts.join(', ')}.`] : []
}

function countBy(removals: Removal[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { provider = 'not set up any more' } of removals) counts[provider] = (counts[provider] ?? 0) + 1
  return counts
}

function takesOptionsOnly({ positionals }: Given): void {
  if (positionals.length > 0) throw new UsageError('This command takes options only.')
}
