/**
 * What an EMR and we say to each other by CDS Hooks 2.0 (https://cds-hooks.hl7.org/2.0/). Of a request only what is listed
 * here is kept: `fhirAuthorization` and `prefetch` are dropped unread, because we read with our own rights.
 */
import { z } from 'zod'
import type { Advice } from '../domain/cds-advice.ts'
import type { Language } from '../domain/language.ts'
import { adviceWords, sayAdvice } from '../domain/say-advice.ts'

export const hooks = ['appointment-book', 'patient-view'] as const
export type Hook = (typeof hooks)[number]

export interface CdsService {
  id: string
  hook: Hook
  title: string
  description: string
  usageRequirements: string
}

const usageRequirements =
  'Sign each call with a key of the EMR; its iss and jku are listed in the install. Nothing needs to be prefetched.'

/** Also in plugin.manifest.json. */
export const cdsServices: CdsService[] = [
  {
    id: 'reminder-check',
    hook: 'appointment-book',
    title: 'Will a reminder arrive?',
    description: 'Before a visit is booked: no permit to write, a wrong number, or a language without words.',
    usageRequirements,
  },
  {
    id: 'unread-messages',
    hook: 'patient-view',
    title: 'Messages of this patient',
    description: 'Messages that wait for an answer, and a last reminder that did not arrive.',
    usageRequirements,
  },
]

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, { error: 'is not the id of a resource' })

/** Only what is read of it; the rest of an EMR's Appointment is dropped. */
const extensions = z.array(z.object({ url: z.string(), valueCode: z.string().optional() })).optional()
const proposed = z.object({
  resourceType: z.literal('Appointment'),
  status: z.string(),
  start: z.string().optional(),
  _start: z.object({ extension: extensions }).optional(),
  extension: extensions,
  participant: z
    .array(
      z.object({
        actor: z.object({ reference: z.string().optional(), display: z.string().optional() }).optional(),
      }),
    )
    .optional(),
})

/** Nobody books more at once; the first that is reminded speaks for all. */
const mostAppointments = 20

const entry = z.object({ resource: z.unknown().optional() })

const call = { hookInstance: z.string().min(1).max(200), fhirServer: z.url().optional() }

export const hookRequests = {
  'appointment-book': z.object({
    ...call,
    hook: z.literal('appointment-book'),
    context: z.object({
      patientId: id,
      appointments: z.object({
        entry: z
          .array(entry)
          .default([])
          .transform((entries) =>
            entries.slice(0, mostAppointments).flatMap(({ resource }) => {
              const read = proposed.safeParse(resource)
              return read.success ? [read.data] : []
            }),
          ),
      }),
    }),
  }),
  'patient-view': z.object({
    ...call,
    hook: z.literal('patient-view'),
    context: z.object({ patientId: id }),
  }),
}
export type HookRequest = z.infer<(typeof hookRequests)[Hook]>

/** What became of cards. Who, and why, is not asked for. */
export const feedbackRequest = z.object({
  feedback: z
    .array(z.object({ card: z.string().max(200), outcome: z.enum(['accepted', 'overridden']) }))
    .max(100),
})

export interface Card {
  uuid: string
  summary: string
  detail?: string
  indicator: 'info' | 'warning'
  source: { label: string }
  links: { label: string; url: string; type: 'smart'; appContext: string }[]
}

/** None is critical: nobody comes to harm, a visit may be missed. */
const indicators: Record<Advice['kind'], Card['indicator']> = {
  'no-reminder': 'warning',
  'wrong-address': 'warning',
  'other-language': 'info',
  'no-language': 'info',
  unread: 'info',
  'reminder-failed': 'warning',
}

/** Of the manifest's SMART app. */
export const cardIntent = 'thread'

export function toCard(
  advice: Advice,
  { language, baseUrl, uuid }: { language: Language; baseUrl: string; uuid: string },
): Card {
  return {
    uuid,
    ...sayAdvice(advice, language),
    indicator: indicators[advice.kind],
    source: { label: 'Qasid' },
    links: [
      {
        label: adviceWords[language].openMessages,
        url: `${baseUrl}/launch`,
        type: 'smart',
        appContext: JSON.stringify({ intent: cardIntent }),
      },
    ],
  }
}
