/**
 * How one company looks on the wire. The carrier behind all of them is the same (`carrier.ts`); a wire says how its API is
 * called, how it answers and refuses, and how it calls the clinic back. One file each in `sandbox/carriers/`.
 * What a company has of its own and others have not is optional: `mount`, `mindsWindow`, `bringsAnswersBy`, `newId`. A company
 * without HTTP asks for the faults of a connection itself (`desk.fault`); refusals that were ordered come from `judge`.
 */
import type { Request, Response, Router } from 'express'
import type { FaultKind } from './faults.ts'
import type { PhoneMessage, ToClinic, ToPatient } from './ledger.ts'
import type { CarrierStatus, Refusal, Sender } from './recipient-rules.ts'
import type { PhoneChannel, SendRequest } from './send-request.ts'

/** The clinic's account at the company, as the environment gave it: tokens, ids, secrets by name. */
export type Account = Record<string, string>

/** How the next webhook is signed; `none` and `wrong` are faults that a test orders. */
export type Signing = 'right' | 'wrong' | 'none'

export interface WireCall {
  url: string
  headers: Record<string, string>
  body: string
}

export interface Told {
  status: CarrierStatus
  /** ISO. */
  at: string
  /** Our word for why it failed: `unreachable-handset` … */
  code?: string
}

export interface Wire {
  /** `twilio`, `meta` …; its API is mounted at `/{id}`. */
  id: string
  /** Where its API is mounted instead. */
  mount?: string
  /** Whether free text by WhatsApp is refused to a phone that has not written to this sender within 24 hours. */
  mindsWindow?: boolean
  /** The channels by which patients can write back; all of its senders' where it is missing. */
  bringsAnswersBy?: readonly PhoneChannel[]
  /** A message id as the company makes them, for both directions; else `SB` and 32 hex digits. */
  newId?(patient?: string): string
  /** The company's API. Missing where the company does not speak HTTP. */
  routes?(desk: CarrierDesk): Router
  /** A port of its own, for companies that do not speak HTTP. */
  listen?(desk: CarrierDesk, port: number): Promise<{ port: number; stop(): Promise<void> }>
  /** What is posted when a message changes its status; `undefined` when the company says nothing of this. */
  statusCall(message: ToPatient, told: Told, account: Account, signing: Signing): WireCall | undefined
  /** What is posted when a patient writes. */
  inboundCall(message: ToClinic, sender: Sender, account: Account, signing: Signing): WireCall
  /** Posted when a template was judged; missing where the company does not tell. */
  templateCall?(template: WireTemplate, sender: Sender, account: Account, signing: Signing): WireCall
}

export interface WireTemplate {
  id: string
  name: string
  language: string
  category: string
  body: string
  status: 'pending' | 'approved' | 'rejected'
  /** The company's own code. */
  because?: string
}

/** What the carrier offers to a wire. */
export interface CarrierDesk {
  account: Account
  /** This company's numbers and mailboxes that the clinic may write from. */
  senders: readonly Sender[]
  /** The sandbox's base URL, without a slash at its end: for links in answers. */
  baseUrl(): string
  /**
   * Judges, takes, reports and answers one send, playing whatever fault was ordered. `parse` gives the request or how the
   * company refuses one that it does not understand; `taken` and `refused` are the company's answers.
   */
  carry(request: Request, response: Response, wire: SendWire): Promise<void>
  /** The same without HTTP; a refusal that a test ordered comes from here. */
  judge(request: SendRequest): Refusal | undefined
  /** Whether a test ordered one of these for now; counts it as played. `carry` does it by itself. */
  fault<K extends FaultKind>(...kinds: K[]): K | undefined
  take(request: SendRequest): { message: ToPatient; report(): Promise<void> }
  /** What was taken under this id, by whatever correlation the wire wrote. */
  find(wanted: { id?: string; correlation?: string; to?: string; from?: string }): ToPatient[]
  /** What this company's message says, in either direction, is forgotten at the company; `undefined` where there is none. */
  redact(id: string): PhoneMessage | undefined
  /** In either direction. */
  holds(id: string): PhoneMessage | undefined
  files: FileShelf
  templates: TemplateShelf
}

export interface WireAnswer {
  status: number
  headers?: Record<string, string>
  /** An object is sent as JSON. */
  body: string | object
}

export interface SendWire {
  parse(): { kind: 'request'; request: SendRequest } | { kind: 'refused'; answer: WireAnswer }
  taken(message: ToPatient): WireAnswer
  /** `code` is one of the sandbox's words (`invalid-recipient`, `rate-limited`, `fault` …): the wire has its own for each. */
  refused(refusal: Refusal): WireAnswer
}

/** Files in both directions; all gone when the sandbox stops. */
export interface FileShelf {
  put(file: { contentType: string; name?: string; bytes: Uint8Array }): string
  get(id: string): { contentType: string; name?: string; bytes: Uint8Array } | undefined
  /** Fetches a file that the clinic offers by URL, as a company would; `undefined` when it cannot. */
  fetch(url: string): Promise<string | undefined>
}

export interface TemplateShelf {
  /** New ones are `pending`. What nobody judges within `approvedAfter` milliseconds is approved by itself in a demo. */
  submit(template: Omit<WireTemplate, 'status' | 'id'> & { id?: string }): WireTemplate
  all(): WireTemplate[]
  /** By id, or by name and language. */
  find(wanted: { id: string } | { name: string; language: string }): WireTemplate | undefined
  judge(name: string, decision: 'approve' | 'reject', because?: string): WireTemplate[]
}
