/** The deployment, from the environment. Pure; reports all faults at once by variable name. No default for a secret. */

export interface Config {
  port: number
  /** As browsers, hosts and providers see us; no slash at the end. */
  baseUrl: string
  redisUrl: string
  /** Every Redis key begins with it. */
  redisPrefix: string
  dataDir: string
  /** How many jobs of one queue a worker process runs at once. */
  concurrency: number
  /** 32 bytes: seals secrets at rest, and everything derived from it. */
  key: Uint8Array
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** The value behind `env:NAME` in an install file. */
  secret(name: string): string | undefined
}

export class ConfigError extends Error {
  readonly faults: string[]
  constructor(faults: string[], options: { cause?: unknown } = {}) {
    super(`Qasid cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, { cause: options.cause })
    this.name = 'ConfigError'
    this.faults = faults
  }
}

type Environment = Record<string, string | undefined>

/** The one thing that sealing needs. */
export function loadKey(env: Environment = process.env): Uint8Array {
  const key = readKey(env.QASID_KEY ?? '')
  if (!key)
    throw new ConfigError([`QASID_KEY ${env.QASID_KEY ? 'is odd' : 'is not set'}: it must be ${keyWanted}.`])
  return key
}

const keyWanted = '32 bytes in base64 (openssl rand -base64 32)'

export function loadConfig(env: Environment = process.env): Config {
  const faults: string[] = []
  const value = <T>(
    name: string,
    read: (text: string) => T | undefined,
    wanted: string,
    unset?: string,
  ): T => {
    const text = env[name] ?? unset
    const parsed = text === undefined ? undefined : read(text)
    if (parsed === undefined)
      faults.push(`${name} ${text === undefined ? 'is not set' : 'is odd'}: it must be ${wanted}.`)
    return parsed as T
  }
  const port = value('QASID_PORT', readPort, 'a port from 1 to 65535', '8080')
  const config: Config = {
    port,
    baseUrl: value(
      'QASID_BASE_URL',
      readBaseUrl,
      'the http(s) address that hosts and providers reach us at',
      // A port that is odd is one fault, not two.
      `http://localhost:${port ?? 8080}`,
    ),
    redisUrl: value('REDIS_URL', readRedisUrl, 'a redis:// or rediss:// address'),
    redisPrefix: value('QASID_REDIS_PREFIX', readPrefix, 'letters, digits and hyphens', 'qasid'),
    dataDir: value('QASID_DATA', (text) => text || undefined, 'the folder with the install files'),
    concurrency: value('QASID_CONCURRENCY', readConcurrency, 'a whole number from 1 to 1000', '20'),
    key: value('QASID_KEY', readKey, keyWanted),
    logLevel: value('QASID_LOG', readLevel, 'debug, info, warn or error', 'info'),
    secret: (name) => env[name] || undefined,
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(config)
}

function readPort(text: string): number | undefined {
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

function readConcurrency(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000 ? Number(text) : undefined
}

function readBaseUrl(text: string): string | undefined {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return undefined
  return text.replace(/\/+$/, '')
}

function readRedisUrl(text: string): string | undefined {
  return URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) ? text : undefined
}

function readPrefix(text: string): string | undefined {
  return /^[A-Za-z0-9-]{1,40}$/.test(text) ? text : undefined
}

function readKey(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 ? bytes : undefined
}

function readLevel(text: string): Config['logLevel'] | undefined {
  return (['debug', 'info', 'warn', 'error'] as const).find((level) => level === text)
}
