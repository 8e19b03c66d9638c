/** Installs: one JSON file per host under `<data>/installs/`. Secrets stand there sealed, or as `env:NAME`. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, ConfigError } from './config.ts'
import { channels } from './domain/channel.ts'
import { clinicSettings } from './domain/settings.ts'
import { isSealed, unseal } from './seal.ts'

const senderFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  provider: z.string(),
  channel: z.enum(channels),
  address: z.string(),
  /** Messages per second that the provider allows. */
  perSecond: z.number().positive().max(10_000),
  /** What the provider needs; checked by the provider's own schema. */
  credentials: z.record(z.string(), z.string()),
})

export const installFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
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
  /** Used once, when the store has no settings yet. */
  settings: clinicSettings,
})
export type InstallFile = z.infer<typeof installFile>
export type SenderFile = InstallFile['senders'][number]

/** Throws `ConfigError` naming file and field; an install that is half right is no install. */
export async function readInstalls(
  config: Pick<Config, 'dataDir' | 'key' | 'secret'>,
): Promise<InstallFile[]> {
  const folder = join(config.dataDir, 'installs')
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be read.`], { cause })
  })
  const installs: InstallFile[] = []
  for (const name of names.filter((one) => one.endsWith('.json')).sort())
    installs.push(parseInstall(name, await readFile(join(folder, name), 'utf8'), config))
  const twice = installs.find((one, index) => installs.findIndex((other) => other.id === one.id) !== index)
  if (twice) throw new ConfigError([`${folder}: two files describe the install ${twice.id}.`])
  return installs
}

export function parseInstall(
  name: string,
  text: string,
  config: Pick<Config, 'key' | 'secret'>,
): InstallFile {
  const parsed = installFile.safeParse(readJson(name, text))
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((one) => `${name}: ${one.path.join('.')} ${one.message}`))
  const senders = parsed.data.senders.map((sender) => ({
    ...sender,
    credentials: Object.fromEntries(
      Object.entries(sender.credentials).map(([field, value]) => [
        field,
        openSecret(`${name}: senders.${sender.id}.credentials.${field}`, value, config),
      ]),
    ),
  }))
  return { ...parsed.data, senders }
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConfigError([`${name} is not JSON.`], { cause })
  }
}

function openSecret(where: string, value: string, config: Pick<Config, 'key' | 'secret'>): string {
  if (value.startsWith('env:')) {
    const found = config.secret(value.slice(4))
    if (found === undefined) throw new ConfigError([`${where}: the variable ${value.slice(4)} is not set.`])
    return found
  }
  if (!isSealed(value)) return value
  try {
    return unseal(config.key, value)
  } catch (cause) {
    throw new ConfigError([`${where}: it was sealed under another QASID_KEY.`], { cause })
  }
}
