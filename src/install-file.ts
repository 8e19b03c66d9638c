/**
 * Installs: one JSON file per host under `<data>/installs/`. Secrets stand there sealed, or as `env:NAME`. All that is
 * wrong with all files is told at once, by file and field.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, ConfigError } from './config.ts'
import { isCountry } from './domain/address.ts'
import { channels } from './domain/channel.ts'
import { type Issue, sayIssue } from './domain/say-issue.ts'
import { clinicSettings, parseSettings } from './domain/settings.ts'
import { isSealed, unseal } from './seal.ts'

type Keys = Pick<Config, 'key' | 'secret'>

const idOf = (most: number) =>
  z.string().regex(new RegExp(`^[a-z0-9-]{1,${most}}$`), {
    error: `must be up to ${most} lower-case letters, digits and hyphens`,
  })

const senderFile = z.strictObject({
  id: idOf(32),
  provider: z.string(),
  channel: z.enum(channels),
  address: z.string(),
  /** SMS segments, or messages, per second that the provider allows. */
  perSecond: z.number().positive().max(10_000),
  /** ISO 3166 alpha-2 of the numbers that it may write to; absent means all. */
  countries: z
    .array(z.string().refine(isCountry, { error: 'is not a country code such as AE (Britain is GB)' }))
    .min(1)
    .optional(),
  /** Its share beside other senders of the channel. */
  weight: z.number().positive().max(1_000).default(1),
  /** What the company allows beside; absent means no limit. */
  limits: z
    .strictObject({
      /** Messages in any 24 hours. */
      perDay: z.int().positive().optional(),
      /** People in any 24 hours who had not written within the company's window. */
      peoplePerDay: z.int().positive().optional(),
      /** Senders of one name count their people together. */
      portfolio: idOf(32).optional(),
      /** Seconds between two messages to the same person. */
      samePersonEvery: z.number().positive().max(3_600).optional(),
    })
    .optional(),
  /** What the provider needs; checked by the provider's own schema. */
  credentials: z.record(z.string(), z.string()),
})

/** Whoever holds the key may have messages written, as the EMR itself. */
const apiKeyFile = z.strictObject({ id: idOf(32), key: z.string() })

/** Keys that anybody on the way could change prove nothing; a machine trusts itself. */
const keySetUrl = z.url().refine((url) => /^(https:|http:\/\/(localhost|127\.0\.0\.1)[:/])/.test(url), {
  error: 'must be an https URL',
})

/** Who may ask us by CDS Hooks. */
const cdsClientFile = z.strictObject({
  /** As in its tokens, to the letter. */
  iss: z.string().min(1),
  /** Where its public keys are. */
  jku: keySetUrl,
  algs: z
    .array(z.enum(['ES384', 'RS384', 'ES256', 'RS256']))
    .min(1)
    .default(['ES384', 'RS384']),
})

/** A key that can be guessed opens the clinic's senders to everyone. */
const shortestKey = 24

const settings = z.unknown().transform((input, context) => {
  const parsed = parseSettings(input)
  if (parsed.kind === 'settings') return parsed.settings
  const issues = clinicSettings.safeParse(input, { reportInput: true }).error?.issues
  const known = Object.keys(clinicSettings.shape)
  const faults = issues?.map((issue) => [...issue.path, sayIssue(issue, known)].join(' ')) ?? parsed.faults
  for (const message of faults) context.addIssue({ code: 'custom', message, input })
  return z.NEVER
})

const installFile = z.strictObject({
  id: idOf(40),
  host: z.strictObject({
    /** FHIR base URL, as in a launch's `iss`. */
    fhirBase: z.url(),
    /** The backend client (`client_credentials`, `private_key_jwt`). */
    clientId: z.string().min(1),
    scope: z.string().min(1),
  }),
  app: z.strictObject({ clientId: z.string().min(1), scope: z.string().min(1) }),
  /** Origins that may show the app in a frame. */
  frameAncestors: z.array(z.url()).default([]),
  senders: z.array(senderFile).min(1),
  /** Keys of the EMR's own scripts. */
  api: z.array(apiKeyFile).default([]),
  cds: z.strictObject({ clients: z.array(cdsClientFile) }).default({ clients: [] }),
  /** Used once, when the store has no settings yet. */
  settings,
})

/** Its credentials are opened; `plainly` names those that stand in the file as they are. */
export type SenderFile = z.infer<typeof senderFile> & { plainly: string[] }
export type InstallFile = Omit<z.infer<typeof installFile>, 'senders'> & { senders: SenderFile[] }

export type ApiKey = z.infer<typeof apiKeyFile>

/** Throws `ConfigError` naming files and fields; an install that is half right is no install. */
export async function readInstalls(config: Pick<Config, 'dataDir'> & Keys): Promise<InstallFile[]> {
  const folder = join(config.dataDir, 'installs')
  const names = await readdir(folder).catch((cause: unknown) => {
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
  if (faults.length > 0) throw new ConfigError(faults)
  return installs
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
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)
  return { ...parsed.data, senders, api }
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

function openApiKey(name: string, { id, key }: ApiKey, keys: Keys, faults: string[]): ApiKey {
  const where = `${name}: api.${id}.key:`
  const secret = openSecret(key, keys)
  if (secret.kind === 'closed') faults.push(`${where} ${secret.because}`)
  else if (!isNamed(key) && !isSealed(key))
    faults.push(`${where} it is a secret, so name a variable (env:NAME) or seal it (qasid seal).`)
  else if (secret.text.length < shortestKey)
    faults.push(`${where} it is shorter than ${shortestKey} characters (openssl rand -base64 32).`)
  return { id, key: secret.kind === 'open' ? secret.text : '' }
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
