/** `qasid install | uninstall | doctor`: what stands around the stories in flows — the command line, files and keys. */
import { type Config, ConfigError } from '../../config.ts'
import { visitFeed } from '../../domain/change-feed.ts'
import { readFhirBase } from '../../domain/install-trouble.ts'
import { type Dialect, dialects } from '../../domain/registration.ts'
import { dynamicRegistration } from '../../emr/dynamic-registration.ts'
import { examiner } from '../../emr/examine.ts'
import { createEmr } from '../../emr/fhir-server.ts'
import { createProbing } from '../../emr/probes.ts'
import { resourceRegistration } from '../../emr/resource-registration.ts'
import { createSmartDiscovery } from '../../emr/smart-discovery.ts'
import type { InstallWish } from '../../flows/install-host.ts'
import type { InstallParts, SignedUp } from '../../flows/install-ports.ts'
import type { Emr } from '../../flows/ports.ts'
import { loadSigningKeys } from '../../signing-keys.ts'
import { composeToken } from '../compose-server.ts'
import { loadManifest, systemClock } from '../deployment.ts'
import { readFeedWishes } from '../feed-wishes.ts'
import { type Given, textOf, UsageError } from './usage.ts'

export interface InstallingParts {
  config: Config
  readText(path: string): Promise<string>
  out(line: string): void
  err(line: string): void
}

export type InstallStory = InstallParts & {
  /** One server of an install; questions of one moment go together. */
  emrOf(place: SignedUp, hostBase?: string): Emr
}

/** Progress goes to the other stream, so that `--json` is one JSON value. */
export function partsFor({ config, err }: InstallingParts, install: string): InstallStory {
  const discover = createSmartDiscovery(systemClock)
  const keys = async () => (await loadSigningKeys({ ...config, now: systemClock }, install)).current()
  const tokenOf = (place: SignedUp) => composeToken(place, { discover, now: systemClock, keys })
  const open = (place: SignedUp) => {
    const token = tokenOf(place)
    return {
      async signIn() {
        // Made now, so that the host finds them when it asks.
        await keys()
        await token?.get()
        return token?.granted()
      },
      probe: createProbing({ baseUrl: place.fhirBase, ...(token && { token }) }),
    }
  }
  return {
    ...{ examiner, registrar: dynamicRegistration, resourceRegistrar: resourceRegistration, open },
    say: (line) => err(line),
    now: systemClock,
    emrOf(place, hostBase) {
      const token = tokenOf(place)
      return createEmr(
        { baseUrl: place.fhirBase, ...(token && { token }), ...(hostBase && { hostBase }) },
        { now: systemClock, batch: { most: 50, atOnce: 2 } },
      )
    },
  }
}

type InstallFacts = Pick<InstallWish, 'manifest' | 'baseUrl' | 'jwksPath' | 'visits' | 'endpoint'>

/** What is the same for all installs of this deployment. */
export async function deploymentFacts(config: Config, install: string): Promise<InstallFacts> {
  const manifest = (await loadManifest(config.baseUrl)) as unknown as InstallWish['manifest']
  const visits = (await readFeedWishes(config, install)).find(({ key }) => key === visitFeed)
  if (!visits) throw new TypeError('the manifest names no Subscription of visits')
  return {
    manifest,
    baseUrl: config.baseUrl,
    jwksPath: `/.well-known/jwks/${install}.json`,
    visits,
    // An address of its own: what is told while we try is nobody's.
    endpoint: visits.hook.endpoint.replace(/[^/]+$/, 'probe'),
  }
}

export function baseOf(text: string): string {
  const read = readFhirBase(text)
  if (read.kind === 'refused') throw new UsageError(read.because)
  return read.fhirBase
}

export function dialectOf(given: Given, name: string): Dialect | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const dialect = dialects.find((one) => one === text)
  if (!dialect) throw new UsageError(`--${name} is one of ${dialects.join(', ')}.`)
  return dialect
}

/** A secret is named, never typed: whatever is typed stands in a list of processes. */
export function secretOf(
  { config }: Pick<InstallingParts, 'config'>,
  given: Given,
  name: string,
): string | undefined {
  const variable = textOf(given, name)
  if (variable === undefined) return undefined
  const secret = config.secret(variable)
  if (secret === undefined) throw new ConfigError([`--${name}: the variable ${variable} is not set.`])
  return secret
}

/** `emr-example` of https://emr.example/fhir, for who names no id. */
export function idFrom(fhirBase: string): string {
  const { hostname, port } = new URL(fhirBase)
  const plain = [hostname, port]
    .filter(Boolean)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return plain.replace(/^-+|-+$/g, '').slice(0, 40)
}
