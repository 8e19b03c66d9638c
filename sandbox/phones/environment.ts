/** Reads the phones' environment. All faults are said at once, by the variable's name and never by its value. */
import { z } from 'zod'
import { phoneChannels } from './send-request.ts'
import type { PhonesOptions } from './start-phones.ts'
import type { Account, Wire } from './wire.ts'

const senders = z.array(
  z.object({
    address: z.string().min(1),
    channel: z.enum(phoneChannels),
    inboundUrl: z.url(),
    wire: z.string().default('sandbox'),
  }),
)

const schema = z.object({
  SANDBOX_PHONE_PORT: z.coerce.number().int().min(0).max(65_535).default(8082),
  SANDBOX_CARRIER_TOKEN: z.string().min(1),
  SANDBOX_WEBHOOK_SECRET: z.string().min(1),
  SANDBOX_SENDERS: z.string().transform(parseJson).pipe(senders),
  /** By carrier: what the clinic has there. The sandbox's own carrier has the two above. */
  SANDBOX_ACCOUNTS: z
    .string()
    .default('{}')
    .transform(parseJson)
    .pipe(z.record(z.string(), z.record(z.string(), z.string()))),
  /** Milliseconds. */
  SANDBOX_APPROVED_AFTER: z.coerce.number().int().min(0).optional(),
  SANDBOX_QASID_URL: z.url().optional(),
  SANDBOX_EMR_URL: z.url().optional(),
})

export type PhonesEnvironment =
  | { kind: 'options'; options: PhonesOptions }
  | { kind: 'refused'; because: string }

/** `known`: the carriers that there are. */
export function readPhonesEnvironment(
  env: Record<string, string | undefined>,
  known: readonly Wire[],
): PhonesEnvironment {
  if (env.NODE_ENV === 'production' && env.SANDBOX_IN_PRODUCTION !== 'yes')
    return refused(
      'This is a sandbox: it does not start with NODE_ENV=production, unless SANDBOX_IN_PRODUCTION=yes.',
    )
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))]
    return refused(`The phones need these variables set right: ${names.join(', ')}`)
  }
  const { data } = parsed
  const accounts: Record<string, Account> = {
    sandbox: { token: data.SANDBOX_CARRIER_TOKEN, webhookSecret: data.SANDBOX_WEBHOOK_SECRET },
    ...data.SANDBOX_ACCOUNTS,
  }
  const because = oddCarrier(data.SANDBOX_SENDERS, Object.keys(accounts), known)
  if (because) return refused(because)
  return {
    kind: 'options',
    options: {
      port: data.SANDBOX_PHONE_PORT,
      token: data.SANDBOX_CARRIER_TOKEN,
      wires: known.flatMap((wire) => {
        const account = accounts[wire.id]
        return account ? [{ wire, account }] : []
      }),
      senders: data.SANDBOX_SENDERS,
      approvedAfter: data.SANDBOX_APPROVED_AFTER,
      qasidUrl: data.SANDBOX_QASID_URL,
      emrUrl: data.SANDBOX_EMR_URL,
    },
  }
}

function oddCarrier(
  senders: { wire: string }[],
  accounts: string[],
  known: readonly Wire[],
): string | undefined {
  const ids = known.map(({ id }) => id)
  if (accounts.some((id) => !ids.includes(id)))
    return `SANDBOX_ACCOUNTS names a carrier that is not known; there are: ${ids.join(', ')}`
  if (senders.some(({ wire }) => !accounts.includes(wire)))
    return `SANDBOX_SENDERS names a carrier that has no account in SANDBOX_ACCOUNTS; there are: ${accounts.join(', ')}`
  return undefined
}

function refused(because: string): PhonesEnvironment {
  return { kind: 'refused', because }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
