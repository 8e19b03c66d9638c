/**
 * `qasid install <fhir base>`: makes an EMR an install of this deployment, or examines it again. Ends with 0 when it is
 * ready, 1 when it is not, 2 when the command line is wrong, 3 when a person has to type something in first.
 */
import { ConfigError } from '../../config.ts'
import type { InstallEnd, Standing } from '../../flows/install-host.ts'
import { installHost } from '../../flows/install-host.ts'
import { parseInstall } from '../../install-file.ts'
import { findInstall, writeInstall, writeReport } from '../../install-shelf.ts'
import { seal } from '../../seal.ts'
import {
  baseOf,
  deploymentFacts,
  dialectOf,
  type InstallingParts,
  idFrom,
  partsFor,
  secretOf,
} from './installing.ts'
import { showReport } from './show-report.ts'
import { type Given, onlyPositional, readArguments, textOf, UsageError } from './usage.ts'

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
  'write-back': { type: 'boolean' },
} as const

type File = Record<string, unknown> & { id: string }

export async function install(args: string[], parts: InstallingParts): Promise<0 | 1 | 3> {
  const given = readArguments(args, installOptions)
  const fhirBase = baseOf(onlyPositional(given, 'the FHIR base URL of the EMR'))
  const { config } = parts
  const wished = await readWished(parts, given)
  const before = await findInstall(config, {
    fhirBase,
    ...(textOf(given, 'id') && { id: textOf(given, 'id') as string }),
  })
  const id =
    before?.id ?? textOf(given, 'id') ?? (typeof wished.id === 'string' ? wished.id : idFrom(fhirBase))
  const draft: File = { ...before, ...wished, id, host: { fhirBase } }
  // What the admin wrote is judged before anything is made at the EMR.
  const { senders } = judge(parts, draft)
  const storeBase = storeOf(given, before)
  const end = await installHost(partsFor(parts, id), {
    ...(await deploymentFacts(config, id)),
    install: id,
    host: { fhirBase, ...askedOf(parts, given, before, 'host') },
    ...(storeBase && { store: { fhirBase: storeBase, ...askedOf(parts, given, before, 'store') } }),
    next: nextCommand(args),
    writeBack: given.values['write-back'] === true || before?.writeBack === true,
    channels: [...new Set(senders.map(({ channel }) => channel))],
  })
  return finish(parts, given, end, draft)
}

async function finish(
  parts: InstallingParts,
  given: Given,
  end: InstallEnd,
  draft: File,
): Promise<0 | 1 | 3> {
  const { config, out, err } = parts
  if (end.kind === 'refused') {
    err(end.because)
    return 1
  }
  if (end.kind === 'checklist') {
    out(end.markdown)
    return 3
  }
  const isReady = end.report.against.length === 0
  if (isReady) {
    const file = completed(parts, draft, end)
    judge(parts, file)
    await writeInstall(config, file)
  }
  await writeReport(config, end.report)
  if (given.values.json) out(JSON.stringify({ ...end.report, left: end.left }))
  else for (const line of showReport(end.report)) out(line)
  if (end.left.length > 0) err(`Left at the server by the probes, remove it there: ${end.left.join(', ')}.`)
  if (isReady) err('Restart qasid serve and qasid work: they take it in at their start.')
  return isReady ? 0 : 1
}

/** What an admin writes: senders, settings, keys of scripts … as in an install file. */
async function readWished({ readText }: InstallingParts, given: Given): Promise<Record<string, unknown>> {
  const path = textOf(given, 'with')
  if (path === undefined) return {}
  const text = await readText(path).catch((cause: unknown) => {
    throw new UsageError('The file of --with cannot be read.', { cause })
  })
  try {
    const { host: _host, store: _store, app: _app, ...wished } = JSON.parse(text) as Record<string, unknown>
    return wished
  } catch (cause) {
    throw new UsageError('The file of --with is not JSON.', { cause })
  }
}

/** Throws `ConfigError` naming each field. */
function judge({ config }: InstallingParts, file: File) {
  if (!file.senders || !file.settings)
    throw new ConfigError([
      'senders and settings are not known yet: write them into a file as docs/configuration.md shows, and name it with --with.',
    ])
  return parseInstall(`${file.id}.json`, JSON.stringify(file), config)
}

/** What is on the command line goes before what an install already has. */
function askedOf(parts: InstallingParts, given: Given, before: File | undefined, role: 'host' | 'store') {
  const prefix = role === 'host' ? '' : 'store-'
  const held = (before?.[role] ?? {}) as { clientId?: string; clientSecret?: string }
  const app = before?.app as { clientId?: string } | undefined
  const worker = textOf(given, `${prefix}client-id`) ?? held.clientId
  const appId = textOf(given, 'app-client-id') ?? app?.clientId
  const clientSecret =
    role === 'host' ? (secretOf(parts, given, 'client-secret-env') ?? openHeld(parts, before)) : undefined
  const dialect = dialectOf(given, `${prefix}dialect`)
  const adminToken = secretOf(parts, given, `${prefix}token-env`)
  return {
    ...(dialect && { dialect }),
    ...(adminToken && { adminToken }),
    known: {
      ...(worker && { worker }),
      ...(role === 'host' && appId && { app: appId }),
      ...(clientSecret && { clientSecret }),
    },
  }
}

function openHeld({ config }: InstallingParts, before: File | undefined): string | undefined {
  if (!before) return undefined
  try {
    return parseInstall('', JSON.stringify(before), config).host.clientSecret
  } catch {
    return undefined
  }
}

function storeOf(given: Given, before: File | undefined): string | undefined {
  const text = textOf(given, 'store')
  if (text !== undefined) return baseOf(text)
  return (before?.store as { fhirBase?: string } | undefined)?.fhirBase
}

function completed(
  { config }: InstallingParts,
  draft: File,
  end: Extract<InstallEnd, { kind: 'examined' }>,
): File {
  const { host, store, report } = end
  const sealed = ({ place }: Standing) => ({
    ...place,
    ...(place.clientSecret && { clientSecret: seal(config.key, place.clientSecret) }),
  })
  const made = ({ dialect, registered }: Standing, before: unknown) => {
    const clients = [registered.worker, registered.app].flatMap((one) =>
      one?.uri || registered.made.length ? [one] : [],
    )
    if (clients.length === 0 && registered.made.length === 0) return before ?? { dialect }
    return {
      dialect,
      clients: clients.flatMap((one) => (one ? [toKept(config.key, one)] : [])),
      made: registered.made,
    }
  }
  const { app: _app, store: _store, ...rest } = draft
  return {
    ...rest,
    id: draft.id,
    host: sealed(host),
    ...(store && { store: sealed(store) }),
    writeBack: report.kind === 'mixed',
    ...(host.app && { app: host.app }),
    registration: made(host, draft.registration),
    ...(store && { storeRegistration: made(store, draft.storeRegistration) }),
  }
}

function toKept(
  key: Uint8Array,
  { clientId, uri, token }: { clientId: string; uri?: string; token?: string },
) {
  return { clientId, ...(uri && { uri }), ...(token && { token: seal(key, token) }) }
}

/** What to type when the vendor's form has given the two ids. */
function nextCommand(args: string[]): string {
  const quoted = args.map((one) => (/^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`))
  return `qasid install ${quoted.join(' ')} --client-id … --app-client-id …`
}
