/**
 * `qasid install <fhir base>`: makes an EMR an install of this deployment, or examines it again. Ends with 0 when it is
 * ready, 1 when it is not, 2 when the command line is wrong, 3 when a person has to type something in first.
 */
import { type CapabilityReport, withRows } from '../../domain/capability-report.ts'
import { type InstallEnd, type InstallWish, installHost, takeBackNew } from '../../flows/install-host.ts'
import { takeBackClients } from '../../flows/take-back.ts'
import { type InstallFile, parseInstall } from '../../install-file.ts'
import { listInstalls, makeShelf, writeInstall, writeReport } from '../../install-shelf.ts'
import { removeSigningKeys } from '../../signing-keys.ts'
import { publish, type Written } from './definitions.ts'
import {
  choosePlace,
  completed,
  type Draft,
  type Held,
  judge,
  placeIn,
  readWished,
  refuseStore,
  storeBaseOf,
} from './install-file-draft.ts'
import {
  baseOf,
  deploymentFacts,
  dialectOf,
  type InstallingParts,
  type InstallStory,
  partsFor,
  secretOf,
} from './installing.ts'
import { type KeptRegistration, openRegistration } from './kept-registration.ts'
import { showReport } from './show-report.ts'
import { type Given, onlyPositional, readArguments, textOf } from './usage.ts'

export const installOptions = {
  with: { type: 'string' },
  id: { type: 'string' },
  dialect: { type: 'string' },
  'token-env': { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret-env': { type: 'string' },
  'app-client-id': { type: 'string' },
  store: { type: 'string' },
  'store-dialect': { type: 'string' },
  'store-token-env': { type: 'string' },
  'store-client-id': { type: 'string' },
  'store-client-secret-env': { type: 'string' },
  'write-back': { type: 'boolean' },
  'no-profiles': { type: 'boolean' },
  'search-parameters': { type: 'boolean' },
} as const

interface Work {
  parts: InstallingParts
  story: InstallStory
  given: Given
  wish: InstallWish
  draft: Draft
  before: Draft | undefined
  held: Record<'host' | 'store', Held | undefined>
}

export async function install(args: string[], parts: InstallingParts): Promise<0 | 1 | 3> {
  const work = await readWork(args, parts)
  await makeShelf(parts.config)
  const end = await installHost(work.story, work.wish)
  if (end.kind === 'checklist') {
    parts.out(end.markdown)
    return 3
  }
  const isReady = end.kind === 'examined' && end.report.against.length === 0
  return isReady ? settle(work, end) : giveUp(work, end)
}

/** All that can be wrong with what was typed is said before a server is asked. */
async function readWork(args: string[], parts: InstallingParts): Promise<Work> {
  const given = readArguments(args, installOptions)
  const fhirBase = baseOf(onlyPositional(given, 'the FHIR base URL of the EMR'))
  const wished = await readWished(parts, given)
  const all: Draft[] = await listInstalls(parts.config)
  const wantedId = textOf(given, 'id') ?? (typeof wished.id === 'string' ? wished.id : undefined)
  const { id, before } = choosePlace(all, { fhirBase, ...(wantedId && { id: wantedId }) })
  const storeBase = storeBaseOf(given, before)
  const writeBack = given.values['write-back'] === true || (wished.writeBack ?? before?.writeBack) === true
  const draft: Draft = {
    ...{ ...before, ...wished, id, writeBack, host: { fhirBase } },
    ...(storeBase && { store: { fhirBase: storeBase } }),
  }
  const { senders } = judge(parts, draft)
  refuseStore(all, draft, before)
  const opened = before && openBefore(parts, before)
  const wish: InstallWish = {
    ...(await deploymentFacts(parts.config, id)),
    ...{ install: id, writeBack, next: nextCommand(args) },
    host: { fhirBase, ...askedOf(parts, given, opened, 'host') },
    ...(storeBase && { store: { fhirBase: storeBase, ...askedOf(parts, given, opened, 'store') } }),
    channels: [...new Set(senders.map(({ channel }) => channel))],
  }
  const held = { host: heldIn(before, opened, 'host'), store: heldIn(before, opened, 'store') }
  return { parts, story: partsFor(parts, id), given, wish, draft, before, held }
}

/** `undefined` where it cannot be opened any more: then it is made anew. */
function openBefore({ config }: InstallingParts, before: Draft): InstallFile | undefined {
  try {
    return parseInstall(`${before.id}.json`, JSON.stringify(before), config)
  } catch {
    return undefined
  }
}

function heldIn(before: Draft | undefined, opened: InstallFile | undefined, role: 'host' | 'store') {
  const written = placeIn(before, role).clientSecret
  const open = opened?.[role]?.clientSecret
  return written && open ? { written, open } : undefined
}

/** What is on the command line goes before what an install already has. */
function askedOf(
  parts: InstallingParts,
  given: Given,
  opened: InstallFile | undefined,
  role: 'host' | 'store',
) {
  const prefix = role === 'host' ? '' : 'store-'
  const typed = textOf(given, `${prefix}client-id`)
  const worker = typed ?? opened?.[role]?.clientId
  const app = role === 'host' ? (textOf(given, 'app-client-id') ?? opened?.app?.clientId) : undefined
  const clientSecret = secretOf(parts, given, `${prefix}client-secret-env`) ?? opened?.[role]?.clientSecret
  const dialect = dialectOf(given, `${prefix}dialect`)
  const adminToken = secretOf(parts, given, `${prefix}token-env`)
  const kept = role === 'host' ? opened?.registration : opened?.storeRegistration
  const before = typed ? undefined : beforeOf(parts, kept)
  return {
    ...(dialect && { dialect }),
    ...(adminToken && { adminToken }),
    known: {
      ...(worker && { worker }),
      ...(app && { app }),
      ...(clientSecret && { clientSecret }),
      ...(before && { before }),
    },
  }
}

function beforeOf({ config }: InstallingParts, kept: KeptRegistration | undefined) {
  return kept && openRegistration(config.key, kept)
}

/** Nothing stays of what did not come to be; an install from before stays as it was. */
async function giveUp(
  { parts, given, before, wish }: Work,
  end: Exclude<InstallEnd, { kind: 'checklist' }>,
): Promise<1> {
  const { config, out, err } = parts
  const wasTyped = wish.host.known.worker !== undefined || wish.store?.known.worker !== undefined
  if (!before && !wasTyped) await removeSigningKeys(config, wish.install)
  if (end.kind === 'refused') {
    if (given.values.json)
      out(JSON.stringify({ install: wish.install, against: [end.because], left: end.left }))
    err(end.because)
  } else {
    if (before) await writeReport(config, end.report)
    tell(parts, given, end.report, end.left)
  }
  if (end.left.length > 0) err(`Left at the server, an administrator removes it: ${end.left.join(', ')}.`)
  return 1
}

async function settle(work: Work, end: Extract<InstallEnd, { kind: 'examined' }>): Promise<0> {
  const { parts, given, before } = work
  const published = Array.isArray(before?.published) ? before.published.map(String) : []
  const written = await publish(parts, work.story, end, given, published)
  const report = withRows(end.report, { rows: written.rows })
  try {
    const file = completed(parts, work.draft, end, { published: written.all, held: work.held })
    judge(parts, file)
    await writeInstall(parts.config, file)
  } catch (error) {
    await undo(work, end, written)
    throw error
  }
  await writeReport(parts.config, report)
  const left = [...end.left, ...(await takeBackReplaced(work, end))]
  tell(parts, given, report, left)
  if (left.length > 0) parts.err(`Left at the server, an administrator removes it: ${left.join(', ')}.`)
  parts.err('A running qasid serve and qasid work take it in by themselves, within seconds.')
  return 0
}

async function undo(
  { parts, story, wish, before }: Work,
  { host, store }: Extract<InstallEnd, { kind: 'examined' }>,
  written: Written,
): Promise<void> {
  await written.undo()
  const left = await takeBackNew(story, wish, [host, store])
  if (!before) await removeSigningKeys(parts.config, wish.install).catch(() => {})
  if (left.length > 0) parts.err(`Left at the server, an administrator removes it: ${left.join(', ')}.`)
}

/** Only now does nobody use them. */
async function takeBackReplaced(
  { story, wish }: Work,
  { host, store }: Extract<InstallEnd, { kind: 'examined' }>,
): Promise<string[]> {
  const left: string[] = []
  for (const [standing, asked] of [[host, wish.host] as const, [store, wish.store] as const]) {
    if (!standing?.replaced || !asked) continue
    const { dialect, replaced: registered } = standing
    left.push(...(await takeBackClients(story, { ...asked, dialect, registered }).catch(() => [])))
  }
  return left
}

function tell({ out }: InstallingParts, given: Given, report: CapabilityReport, left: string[]): void {
  if (given.values.json) out(JSON.stringify({ ...report, left }))
  else for (const line of showReport(report)) out(line)
}

/** What to type when the vendor's form has given the two ids. */
function nextCommand(args: string[]): string {
  const quoted = args.map((one) => (/^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`))
  return `qasid install ${quoted.join(' ')} --client-id … --app-client-id …`
}
