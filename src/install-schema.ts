/** What an install file may hold, field by field. What it means for the process is `install-file.ts`. */
import { z } from 'zod'
import { isCountry } from './domain/address.ts'
import { channels } from './domain/channel.ts'
import { dialects } from './domain/registration.ts'
import { sayIssue } from './domain/say-issue.ts'
import { clinicSettings, parseSettings } from './domain/settings.ts'

const idOf = (most: number) =>
  z.string().regex(new RegExp(`^[a-z0-9-]{1,${most}}$`), {
    error: `must be up to ${most} lower-case letters, digits and hyphens`,
  })

export const senderFile = z.strictObject({
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
export const apiKeyFile = z.strictObject({ id: idOf(32), key: z.string() })

/** A FHIR R4 server, and who we are there. */
const fhirPlace = z
  .strictObject({
    fhirBase: z.url(),
    /** The backend client (`client_credentials`, `private_key_jwt`); absent for a server that asks for no token. */
    clientId: z.string().min(1).optional(),
    scope: z.string().min(1).optional(),
    /** Of hosts that give a secret instead of taking our keys. */
    clientSecret: z.string().min(1).optional(),
  })
  .refine(({ clientId, scope }) => (clientId === undefined) === (scope === undefined), {
    error: 'names clientId and scope both, or neither',
  })

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

const reference = z.string().regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/)

/** What `qasid install` made at the host, for `qasid uninstall` to take back. */
const registration = z.strictObject({
  dialect: z.enum(dialects),
  /** Of each client that we registered ourselves. */
  clients: z
    .array(
      z.strictObject({
        clientId: z.string(),
        /** Where it is changed and deleted (RFC 7592), and what opens it; sealed. */
        uri: z.url().optional(),
        token: z.string().optional(),
      }),
    )
    .default([]),
  /** Resources that stand there for us, `ClientApplication/…`. */
  made: z.array(reference).default([]),
  /** Addresses and scopes that the host was told then; what is asked now may differ. */
  asked: z.array(z.string()).default([]),
})

const settings = z.unknown().transform((input, context) => {
  const parsed = parseSettings(input)
  if (parsed.kind === 'settings') return parsed.settings
  const issues = clinicSettings.safeParse(input, { reportInput: true }).error?.issues
  const known = Object.keys(clinicSettings.shape)
  const faults = issues?.map((issue) => [...issue.path, sayIssue(issue, known)].join(' ')) ?? parsed.faults
  for (const message of faults) context.addIssue({ code: 'custom', message, input })
  return z.NEVER
})

const fields = z.strictObject({
  id: idOf(40),
  /** The EMR that we are plugged into; `fhirBase` as in a launch's `iss`. */
  host: fhirPlace,
  /** Keeps our records where the host cannot; absent means that the host itself does. One install each. */
  store: fhirPlace.optional(),
  /** What was said is told to the host too, as a Communication: for hosts that hold those, beside a store of ours. */
  writeBack: z.boolean().default(false),
  /** The clinician's app; absent on hosts that launch none. */
  app: z.strictObject({ clientId: z.string().min(1), scope: z.string().min(1) }).optional(),
  /** Origins that may show the app in a frame. */
  frameAncestors: z.array(z.url()).default([]),
  senders: z.array(senderFile).min(1),
  /** Keys of the EMR's own scripts. */
  api: z.array(apiKeyFile).default([]),
  cds: z.strictObject({ clients: z.array(cdsClientFile) }).default({ clients: [] }),
  registration: registration.optional(),
  storeRegistration: registration.optional(),
  /** Profiles, codes and the like that `qasid install` wrote beside our records. */
  published: z.array(reference).default([]),
  /** Used once, when the store has no settings yet. */
  settings,
})

export const installFile = fields.refine(({ store, writeBack }) => store !== undefined || !writeBack, {
  error: 'is for a store beside the host: a host that keeps our records has what was said',
  path: ['writeBack'],
})
