/** What the app and the backend say to each other. Both sides parse with these. */
import { z } from 'zod'
import { channels } from '../domain/channel.ts'
import { fileKinds } from '../domain/outgoing.ts'

const reference = z.string().regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/)

/**
 * `GET /api/launch-check?iss=…`, open: how to launch in that host. Without `iss` the only install's; with
 * `launch=standalone` for a launch that the host did not begin. 404: we are not installed there; 409: name one of several.
 */
export const launchClient = z.object({ iss: z.string().min(1), clientId: z.string(), scope: z.string() })
export type LaunchClient = z.infer<typeof launchClient>

/** `POST /api/session`, no authorization: the proof is the host's id_token. */
export const sessionRequest = z.object({
  /** The host's FHIR base, as in the launch's `iss`. */
  iss: z.url(),
  idToken: z.string().min(1).max(16_384),
  /** `Patient/…` in context. */
  patient: reference,
  /**
   * The clinician's own token, only where the first try was answered with 428: the host is asked with it, once, whether it
   * shows them this patient.
   */
  accessToken: z.string().min(1).max(16_384).optional(),
  /** The session before, for the same patient: proves who asks when the id_token is over. Only together with `accessToken`. */
  renews: z.string().min(1).max(4_096).optional(),
})
/** What a sender can carry; see `domain/outgoing.ts`. */
const carries = z.object({
  longestText: z.int(),
  files: z.array(z.enum(fileKinds)).readonly(),
  reactions: z.boolean(),
  quotes: z.boolean(),
  templates: z.enum(['none', 'approved']),
  receipts: z.boolean(),
  answers: z.boolean(),
})

/** What the clinic decided, as far as the composer must know it; none of it is about a patient. */
export const clinicFacts = z.object({
  name: z.string(),
  /** ISO 3166 alpha-2, for numbers written without a country. */
  country: z.string(),
  /** IANA name. */
  zone: z.string(),
  /** `Location/id` → IANA name. */
  zones: z.record(z.string(), z.string()),
  noConsent: z.enum(['block', 'allow-care']),
  senders: z.array(
    z.object({ id: z.string(), channel: z.enum(channels), address: z.string(), carries: carries.optional() }),
  ),
})
export type ClinicFacts = z.infer<typeof clinicFacts>

export const session = z.object({
  /** Send as `Authorization: Bearer …`; never in a URL. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
  install: z.string(),
  clinic: clinicFacts,
  /** Where our own records of the patient are read: at the host, as all else, or at `/api/chart`. */
  chart: z.enum(['host', 'gateway']).default('host'),
})
export type SessionRequest = z.infer<typeof sessionRequest>
export type Session = z.infer<typeof session>

/** `POST /api/nudge`, with the session: dispatch this request now rather than at the next tick. Answers 202. */
export const nudge = z.object({ request: reference })
export type Nudge = z.infer<typeof nudge>

/** One event of `GET /live` (server-sent events, with the session): something of the patient changed, read it again. */
export const liveChange = z.object({ reference })
export type LiveChange = z.infer<typeof liveChange>

/** Every error of ours: one sentence, and the status says the rest. */
export const problem = z.object({ error: z.string() })
