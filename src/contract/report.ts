/**
 * `GET /api/report`, with the session: what this EMR can do for us, as `qasid install` or `qasid doctor` found it, and how the
 * install is at this moment. It is about servers and senders; nothing in it is about a patient.
 */
import { z } from 'zod'
import { rungs } from '../domain/change-feed.ts'
import { channels } from '../domain/channel.ts'
import { reportWords } from '../domain/report-words.ts'
import type { Operation } from './operation.ts'

const server = z.object({
  fhirBase: z.string(),
  software: z.string().optional(),
  fhirVersion: z.string(),
  tried: z.int().meta({ description: 'How many small things were tried there' }),
  worked: z.int(),
})

/** As `domain/capability-report.ts` draws it and the installer keeps it. */
export const capabilityReport = z.object({
  install: z.string(),
  checkedAt: z.iso.datetime({ offset: true }),
  kind: z.enum(['full', 'sidecar', 'mixed']).meta({ description: 'Where our records are' }),
  host: server,
  store: server.optional(),
  rows: z.array(
    z.object({
      need: z.string().meta({ description: 'A resource type, or launch, visits, changes …' }),
      way: z.enum(['native', 'polled', 'sidecar', 'missing']),
      says: z.string().meta({ description: 'What it means for the clinic, in English' }),
      detail: z.string().optional().meta({ description: 'What the sentence was filled with or chosen by' }),
    }),
  ),
  against: z
    .array(z.string())
    .meta({ description: 'What keeps the install from working; empty when it works' }),
})

const because = z.enum(Object.keys(reportWords.en.because) as [keyof typeof reportWords.en.because])

export const partNames = ['store', 'worker', 'subscription', 'redis'] as const

export const installReport = z.object({
  report: capabilityReport,
  now: z.object({
    changes: z
      .object({ rung: z.enum(rungs), because: z.array(because) })
      .optional()
      .meta({ description: 'How visits are learned of now; absent while that is not known' }),
    parts: z.array(z.object({ part: z.enum(partNames), ok: z.boolean() })),
    senders: z.array(
      z.object({
        id: z.string(),
        channel: z.enum(channels),
        health: z.number().min(0).max(1),
        paused: z.string().optional().meta({ description: 'The code for which it is paused' }),
        isCutOff: z.boolean().optional().meta({ description: 'Its company does not answer' }),
      }),
    ),
  }),
})
export type InstallReport = z.infer<typeof installReport>

const example: InstallReport = {
  report: {
    ...{ install: 'palm-clinic', checkedAt: '2026-11-20T08:00:00Z', kind: 'full' },
    host: {
      ...{ fhirBase: 'https://emr.example/fhir', software: 'An EMR 4', fhirVersion: '4.0.1' },
      ...{ tried: 9, worked: 9 },
    },
    rows: [{ need: 'Patient', way: 'native', says: reportWords.en.rows.Patient.native }],
    against: [],
  },
  now: {
    changes: { rung: 'poll', because: ['no-subscriptions'] },
    parts: [{ part: 'worker', ok: true }],
    senders: [{ id: 'sms', channel: 'sms', health: 1 }],
  },
}

export const reportOperations: readonly Operation[] = [
  {
    ...{ method: 'get', path: '/api/report', summary: 'What the EMR can do, and how the install is now' },
    security: 'session',
    answers: {
      200: { about: 'As it stands', body: { name: 'InstallReport', schema: installReport, example } },
      401: { about: 'The session is missing or over.' },
      404: { about: 'The EMR was never examined: run qasid doctor.' },
    },
  },
]
