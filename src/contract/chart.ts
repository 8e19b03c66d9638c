/**
 * `/api/chart`: what is ours of a patient's chart, in FHIR, for installs whose records stand beside the host. The host's own
 * is not here: the app reads it from the host, with the clinician's token.
 */
import { z } from 'zod'

/** The types that are ours; of a `Binary` only its bytes. */
export const chartTypes = [
  'Communication',
  'CommunicationRequest',
  'Consent',
  'AppointmentResponse',
  'Task',
] as const
export type ChartType = (typeof chartTypes)[number]

/** `Patient/1`, or `1`, as FHIR allows both. */
const named = z.string().regex(/^(Patient\/)?[A-Za-z0-9.-]{1,64}$/)

/** All that a search may say. Whose chart it is, the session says; who is named here must be the same. */
export const chartSearch = z.strictObject({
  patient: named.optional(),
  subject: named.optional(),
  status: z
    .string()
    .regex(/^[a-z-]{1,30}(,[a-z-]{1,30}){0,9}$/)
    .optional(),
  /** Most of one page. */
  _count: z.coerce.number().int().min(1).max(250).default(200),
  /** The only order there is: what changed last comes last. */
  _sort: z.literal('_lastUpdated').optional(),
  /** In the `next` link of the page before. */
  page: z.iso.datetime({ offset: true }).optional(),
})
export type ChartSearch = z.infer<typeof chartSearch>

const coding = z.object({ system: z.string().optional(), code: z.string().optional() })
const concept = z.object({ coding: z.array(coding).optional(), text: z.string().optional() })
const reference = z.object({ reference: z.string() })
const period = z.object({ start: z.string().optional(), end: z.string().optional() })
const extension = z.looseObject({ url: z.string(), valuePeriod: period.optional() })
const attachment = z.object({ contentType: z.string().optional(), data: z.string().optional() })

/** A CommunicationRequest as the app writes it. What else R4 has is refused, or, of an element named here, left out. */
export const chartRequest = z.strictObject({
  resourceType: z.literal('CommunicationRequest'),
  meta: z.unknown().optional(),
  extension: z.array(extension).optional(),
  identifier: z.array(z.object({ system: z.string(), value: z.string() })).max(1),
  status: z.literal('active'),
  category: z.array(concept).optional(),
  priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
  medium: z.array(concept).optional(),
  subject: reference,
  recipient: z.array(reference).max(1).optional(),
  about: z.array(reference).optional(),
  basedOn: z.array(reference).optional(),
  payload: z
    .array(
      z.object({
        extension: z.array(z.object({ url: z.string(), valueCode: z.string().optional() })).optional(),
        contentString: z.string().optional(),
        contentReference: reference.optional(),
        contentAttachment: attachment.optional(),
      }),
    )
    .optional(),
  occurrenceDateTime: z.string(),
  requester: reference.optional(),
})
export type ChartRequest = z.infer<typeof chartRequest>

/** What of a resource, a page or a refusal can be said here; the rest is R4's. */
export const fhirResource = z.looseObject({ resourceType: z.string() })
