/** Reads the phones' environment. All faults are said at once, by the variable's name and never by its value. */
import { z } from 'zod'
import { phoneChannels } from './send-request.ts'
import type { PhonesOptions } from './start-phones.ts'

const sendersSchema = z.array(
  z.object({ address: z.string().min(1), channel: z.enum(phoneChannels), inboundUrl: z.url() }),
)

const schema = z.object({
  SANDBOX_PHONE_PORT: z.coerce.number().int().min(0).max(65_535).default(8082),
  SANDBOX_CARRIER_TOKEN: z.string().min(1),
  SANDBOX_WEBHOOK_SECRET: z.string().min(1),
  SANDBOX_SENDERS: z.string().transform(parseJson).pipe(sendersSchema),
  SANDBOX_QASID_URL: z.url().optional(),
  SANDBOX_EMR_URL: z.url().optional(),
})

export type PhonesEnvironment =
  | { kind: 'options'; options: PhonesOptions }
  | { kind: 'refused'; because: string }

export function readPhonesEnvironment(env: Record<string, string | undefined>): PhonesEnvironment {
  if (env.NODE_ENV === 'production' && env.SANDBOX_IN_PRODUCTION !== 'yes') {
    return {
      kind: 'refused',
      because:
        'This is a sandbox: it does not start with NODE_ENV=production, unless SANDBOX_IN_PRODUCTION=yes.',
    }
  }
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))]
    return { kind: 'refused', because: `The phones need these variables set right: ${names.join(', ')}` }
  }
  const { data } = parsed
  return {
    kind: 'options',
    options: {
      port: data.SANDBOX_PHONE_PORT,
      carrierToken: data.SANDBOX_CARRIER_TOKEN,
      webhookSecret: data.SANDBOX_WEBHOOK_SECRET,
      senders: data.SANDBOX_SENDERS,
      qasidUrl: data.SANDBOX_QASID_URL,
      emrUrl: data.SANDBOX_EMR_URL,
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
