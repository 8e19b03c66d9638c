/**
 * Installs: one JSON file per host under `<data>/installs/`. Secrets stand there sealed, or as `env:NAME`. All that is
 * wrong with all files is told at once, by file and field.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, ConfigError } from './config.ts'
import { type Issue, sayIssue } from './domain/say-issue.ts'
import { type apiKeyFile, installFile, type senderFile } from './install-schema.ts'
import { isSealed, unseal } from './seal.ts'

type Keys = Pick<Config, 'key' | 'secret'>

/** A key that can be guessed opens the clinic's senders to everyone. */
const shortestKey = 24

/** Its credentials are opened; `plainly` names those that stand in the file as they are. */
export type SenderFile = z.infer<typeof senderFile> & { plainly: string[] }
export type InstallFile = Omit<z.infer<typeof installFile>, 'senders'> & { senders: SenderFile[] }
/** Its secret is opened. */
export type FhirPlace = InstallFile['host']

export type ApiKey = z.infer<typeof apiKeyFile>

/** Throws `ConfigError` naming files and fields; an install that is half right is no install. */
export async function readInstalls(config: Pick<Config, 'dataDir'> & Keys): Promise<InstallFile[]> {
  const folder = join(config.dataDir, 'installs')
  const names = await readdir(folder).catch(async (cause: NodeJS.ErrnoException) => {
    // A deployment that nothing is installed in yet.
    const isNew =
      cause.code === 'ENOENT' &&
      (await readdir(config.dataDir).then(
        () => true,
        () => false,
      ))
    if (isNew) return []
    throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be read.`], { cause })
  })
  const faults: string[] = []
  const installs: InstallFile[] = []
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    try {
      installs.push(parseInstall(name, await readText(folder, name), config))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      faults.push(...error.faults)
    }
  }
  for (const id of repeated(installs.map((one) => one.id)))
    faults.push(`${folder}: two files describe the install ${id}.`)
  // The key alone decides the install.
  if (repeated(installs.flatMap(({ api }) => api.map(({ key }) => key))).size > 0)
    faults.push(`${folder}: two API keys are the same.`)
  // Their records would not be told apart.
  const hosts = repeated(installs.map(({ host }) => toBase(host.fhirBase)))
  for (const base of hosts) faults.push(`${folder}: two installs are of the same host, ${base}.`)
  for (const base of repeated(installs.map(storeOf)))
    if (!hosts.has(base))
      faults.push(`${folder}: two installs have their records at ${base}; each needs a store of its own.`)
  if (faults.length > 0) throw new ConfigError(faults)
  return installs
}

/** The FHIR base where an install's records are. */
export function storeOf({ host, store }: Pick<InstallFile, 'host' | 'store'>): string {
  return toBase((store ?? host).fhirBase)
}

function toBase(fhirBase: string): string {
  return new URL(fhirBase).href.replace(/\/+$/, '')
}

export function parseInstall(name: string, text: string, keys: Keys): InstallFile {
  const file = readJson(name, text)
  const parsed = installFile.safeParse(file, { reportInput: true })
  const faults = (parsed.error?.issues ?? []).map((one) => `${name}: ${sayFault(one, file)}`)
  for (const id of repeated(idsIn(file, 'senders')))
    faults.push(`${name}: senders two senders have the id ${id}`)
  for (const id of repeated(idsIn(file, 'api'))) faults.push(`${name}: api two keys have the id ${id}`)
  const senders = (parsed.data?.senders ?? []).map((sender) => openSender(name, sender, keys, faults))
  const api = (parsed.data?.api ?? []).map((one) => openApiKey(name, one, keys, faults))
  const host = parsed.data && openPlace(name, 'host', parsed.data.host, keys, faults)
  const store = parsed.data?.store && openPlace(name, 'store', parsed.data.store, keys, faults)
  if (!parsed.success || !host || faults.length > 0) throw new ConfigError(faults)
  return { ...parsed.data, host, store, senders, api }
}

/** `senders.sms.perSecond must be more than 0` */
function sayFault(issue: Issue, file: unknown): string {
  const known = fieldsAt(installFile, issue.path)
  return [placeOf(issue.path, file), sayIssue(issue, known)].filter(Boolean).join(' ')
}

/** Entries go by their ids, and by their place, from 1, only where they have none. */
function placeOf([list, index, ...rest]: PropertyKey[], file: unknown): string {
  if ((list !== 'senders' && list !== 'api') || typeof index !== 'number')
    return [list, index, ...rest].filter((part) => part !== undefined).join('.')
  const id = idsIn(file, list)[index]
  const isName = typeof id === 'string' && /^[\w.-]{1,64}$/.test(id)
  return [list, isName ? id : `(number ${index + 1})`, ...rest].join('.')
}

/** Of the object that the path leads to. */
function fieldsAt(schema: unknown, path: PropertyKey[]): string[] {
  let here = schema
  for (const part of path) {
    const inner = unwrapped(here)
    here =
      inner instanceof z.ZodArray
        ? inner.element
        : inner instanceof z.ZodObject
          ? inner.shape[String(part)]
          : undefined
  }
  const last = unwrapped(here)
  return last instanceof z.ZodObject ? Object.keys(last.shape) : []
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema
}

async function readText(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
    throw new ConfigError([`${name} cannot be read.`], { cause })
  })
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConfigError([`${name} is not JSON.`], { cause })
  }
}

/** Before the file is known to be right, so that ids given twice are told with all else. */
function idsIn(file: unknown, field: 'senders' | 'api'): unknown[] {
  const listed = ((file ?? {}) as Record<string, unknown>)[field]
  return Array.isArray(listed) ? listed.map((one: { id?: unknown } | null) => one?.id) : []
}

function repeated(ids: unknown[]): Set<unknown> {
  return new Set(ids.filter((id, index) => id !== undefined && ids.indexOf(id) !== index))
}

function openSender(
  name: string,
  sender: z.infer<typeof senderFile>,
  keys: Keys,
  faults: string[],
): SenderFile {
  const written = Object.entries(sender.credentials)
  const opened = written.map(([field, value]) => {
    const secret = openSecret(value, keys)
    if (secret.kind === 'closed')
      faults.push(`${name}: senders.${sender.id}.credentials.${field}: ${secret.because}`)
    return [field, secret.kind === 'open' ? secret.text : '']
  })
  const plainly = written.filter(([, value]) => !isNamed(value) && !isSealed(value)).map(([field]) => field)
  return { ...sender, credentials: Object.fromEntries(opened), plainly }
}

function openPlace(
  name: string,
  field: 'host' | 'store',
  place: FhirPlace,
  keys: Keys,
  faults: string[],
): FhirPlace {
  if (place.clientSecret === undefined) return place
  const where = `${name}: ${field}.clientSecret`
  const clientSecret = openOnlyKept(where, place.clientSecret, keys, faults)
  return { ...place, clientSecret }
}

function openApiKey(name: string, { id, key }: ApiKey, keys: Keys, faults: string[]): ApiKey {
  const where = `${name}: api.${id}.key`
  const before = faults.length
  const text = openOnlyKept(where, key, keys, faults)
  if (faults.length === before && text.length < shortestKey)
    faults.push(`${where}: it is shorter than ${shortestKey} characters (openssl rand -base64 32).`)
  return { id, key: text }
}

/** One that may not stand in the file as it is. */
function openOnlyKept(where: string, value: string, keys: Keys, faults: string[]): string {
  const secret = openSecret(value, keys)
  if (secret.kind === 'closed') faults.push(`${where}: ${secret.because}`)
  else if (!isNamed(value) && !isSealed(value))
    faults.push(`${where}: it is a secret, so name a variable (env:NAME) or seal it (qasid seal).`)
  return secret.kind === 'open' ? secret.text : ''
}

type Opened = { kind: 'open'; text: string } | { kind: 'closed'; because: string }

function openSecret(value: string, { key, secret }: Keys): Opened {
  if (isNamed(value)) {
    const name = value.slice('env:'.length)
    const text = secret(name)
    return text === undefined
      ? { kind: 'closed', because: `the variable ${name} is not set.` }
      : { kind: 'open', text }
  }
  if (!isSealed(value)) return { kind: 'open', text: value }
  try {
    return { kind: 'open', text: unseal(key, value) }
  } catch {
    return { kind: 'closed', because: 'it was sealed under another QASID_KEY.' }
  }
}

function isNamed(value: string): boolean {
  return value.startsWith('env:')
}
