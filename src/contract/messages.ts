/**
 * `/api/messages` and `/api/senders`: what an EMR's own scripts and we say to each other. Answers hold references, codes
 * and our own sentences; never text, name, number or mailbox of a patient.
 */
import { z } from 'zod'
import { approvalStatuses } from '../domain/approval.ts'
import { channels } from '../domain/channel.ts'
import { languages } from '../domain/language.ts'
import { fileKinds } from '../domain/outgoing.ts'
import { type Reason, reasons } from '../domain/reason.ts'

export const mostRecipients = 1_000

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/)
const instant = z.iso.datetime({ offset: true })
const channel = z.enum(channels)
const reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]])

const recipient = z.string().trim().min(1, { error: 'names nobody' }).max(254).meta({
  description:
    '`Patient/…`, or an address that stands in exactly one chart: +971… with its country, or a mailbox',
})

/** `POST /api/messages`: one message, to one or many. */
export const messageOrder = z
  .strictObject({
    to: z.union([recipient, z.array(recipient).min(1, { error: 'names nobody' }).max(mostRecipients)]),
    template: z.string().min(1).max(100).optional().meta({ description: 'Its name' }),
    parameters: z.record(z.string().min(1).max(64), z.string().max(1_000)).optional().meta({
      description: 'Values of the template; patient, clinic and what the visit tells are known already',
    }),
    text: z.string().trim().min(1).max(4_096).optional().meta({ description: 'Beside a file: its caption' }),
    file: z
      .string()
      .regex(/^(DocumentReference|Binary)\/[A-Za-z0-9.-]{1,64}$/, {
        error: 'must be DocumentReference/… or Binary/…',
      })
      .optional(),
    channels: z
      .array(channel)
      .min(1)
      .refine((plan) => new Set(plan).size === plan.length, { error: 'names a channel twice' })
      .optional()
      .meta({ description: 'The routing plan, first is preferred; without it whatever the clinic has' }),
    at: instant.optional().meta({ description: 'Not before; without it now' }),
    until: instant
      .optional()
      .meta({ description: 'Useless from then on; without it the visit, or two days' }),
    priority: z.enum(['routine', 'urgent']).default('routine'),
    category: z.enum(['reminder', 'conversation']).optional(),
    visit: z
      .string()
      .regex(/^Appointment\/[A-Za-z0-9.-]{1,64}$/, { error: 'must be Appointment/…' })
      .optional(),
    key: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'The same key again is the same messages; also as the header Idempotency-Key' }),
  })
  .refine(
    ({ template, text, file }) => (template === undefined) !== (text === undefined && file === undefined),
    {
      error: 'must hold one of template, text and file',
    },
  )
  .refine(({ template, parameters }) => template !== undefined || parameters === undefined, {
    error: 'has parameters without a template',
  })
  .refine(({ category, template, visit }) => category !== 'reminder' || (template !== undefined && !!visit), {
    error: 'is a reminder, which needs a template and a visit',
  })
export type MessageOrder = z.infer<typeof messageOrder>

export const orderedMessage = z.object({
  id: id.meta({ description: 'Of the CommunicationRequest' }),
  to: z.string().meta({ description: '`Patient/…`' }),
  status: z.enum(['draft', 'active', 'on-hold', 'completed', 'revoked', 'entered-in-error']),
})

/** 201; or 200 when the key was used before with the same body. In the order of `to`; who stands there twice, once. */
export const orderedMessages = z.object({ messages: z.array(orderedMessage) })
export type OrderedMessages = z.infer<typeof orderedMessages>

/** `to` is the reference that was given, or the place in the list (from 1) of an address. */
export const refusedRecipient = z.object({
  to: z.union([z.string(), z.int().positive()]),
  reason,
  error: z.string(),
})
export type RefusedRecipient = z.infer<typeof refusedRecipient>

/** 422: nothing was written. */
export const refusedOrder = z.object({ error: z.string(), refused: z.array(refusedRecipient).optional() })
export type RefusedOrder = z.infer<typeof refusedOrder>

const attemptStates = [
  ...(['claimed', 'unknown', 'not-sent', 'queued', 'sent', 'relay-accepted'] as const),
  ...(['delivered', 'read', 'undelivered', 'failed'] as const),
] as const

export const attemptStatus = z.object({
  id: id.meta({ description: 'Of the Communication' }),
  channel: channel.optional(),
  sender: z.string().optional(),
  provider: z.string().optional(),
  state: z.enum(attemptStates),
  reason: reason.optional(),
  code: z.string().optional().meta({ description: 'The provider’s own' }),
  at: instant,
  sentAt: instant.optional(),
  deliveredAt: instant.optional(),
  readAt: instant.optional(),
  segments: z.int().positive().optional(),
  cost: z
    .object({ amount: z.string(), currency: z.string(), source: z.literal('rate-card').optional() })
    .optional(),
})

/** `GET /api/messages/{id}`. */
export const messageStatus = z.object({
  ...orderedMessage.omit({ to: true }).shape,
  sentence: z.string().meta({ description: 'Where it stands, for people' }),
  reason: reason.optional(),
  reasonText: z.string().optional(),
  dueAt: instant,
  until: instant,
  channels: z.array(channel),
  attempts: z.array(attemptStatus),
})
export type MessageStatus = z.infer<typeof messageStatus>

/** `POST /api/messages/{id}/retry`; the body may be left out. */
export const retryOrder = z.strictObject({
  until: instant
    .optional()
    .meta({ description: 'Useless from then on; needed when the time of the message is over' }),
})

export const retriedMessage = orderedMessage.extend({ round: z.int().positive() })
export type RetriedMessage = z.infer<typeof retriedMessage>

export const senderState = z.object({
  id: z.string(),
  channel,
  provider: z.string(),
  address: z.string().meta({ description: 'The clinic’s own' }),
  health: z.number().min(0).max(1),
  paused: z.object({ code: z.string(), at: instant }).optional(),
  weight: z.number(),
  countries: z.array(z.string()).optional(),
  carries: z.object({
    longestText: z.int(),
    files: z.array(z.enum(fileKinds)).readonly(),
    reactions: z.boolean(),
    quotes: z.boolean(),
    templates: z.enum(['none', 'approved']),
    receipts: z.boolean(),
    answers: z.boolean(),
  }),
})
/** `GET /api/senders`. */
export const senderStates = z.array(senderState)
export type SenderState = z.infer<typeof senderState>

/** `GET /api/templates`. */
export const templateStates = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    title: z.string(),
    channels: z.array(z.enum(channels)),
    languages: z.array(z.enum(languages)),
    values: z
      .object({ required: z.array(z.string()), optional: z.array(z.string()) })
      .meta({ description: 'What `parameters` may hold; a visit tells start, zone, place and practitioner' }),
    asksForVisit: z.boolean().meta({ description: 'It asks for an answer to a visit, which must be named' }),
    /** Where a company has to approve a wording before it may be sent at any time. */
    approvals: z.array(
      z.object({
        sender: z.string(),
        /** As it was submitted: template, version, form. */
        name: z.string(),
        language: z.enum(languages),
        /** With `{{1}}` … for values: what an admin submits where the company takes none by its API. */
        body: z.string().optional(),
        status: z.enum(approvalStatuses),
        category: z.string().optional(),
        /** Why not, in the company's own code or words. */
        because: z.string().optional(),
        at: z.iso.datetime(),
      }),
    ),
  }),
)
export type TemplateStates = z.infer<typeof templateStates>

/** `POST /api/senders/{id}/test`. */
export const senderTest = z.object({ ok: z.boolean(), code: z.string().optional(), sentence: z.string() })
export type SenderTest = z.infer<typeof senderTest>
