/** What the carrier offers to one company's wire: the one place where a send is judged, taken and answered. */
import type { Request, Response } from 'express'
import type { Carrier, WiredAccount } from './carrier.ts'
import { connectionFaults, type Faults, refusingFaults } from './faults.ts'
import type { Ledger, ToPatient } from './ledger.ts'
import { createRecipientRules, type Refusal, type Sender } from './recipient-rules.ts'
import type { SendRequest } from './send-request.ts'
import { wordingOf } from './template-shelf.ts'
import { waitUnlessStopped } from './webhooks.ts'
import type { CarrierDesk, FileShelf, SendWire, TemplateShelf, WireAnswer } from './wire.ts'

export interface DeskParts {
  company: WiredAccount
  /** All of the clinic's. */
  senders: readonly Sender[]
  carrier: Carrier
  ledger: Ledger
  faults: Faults
  files: FileShelf
  templates: TemplateShelf
  baseUrl(): string
  stopped: AbortSignal
}

const windowFor = 24 * 3_600_000

export function createDesk(parts: DeskParts): CarrierDesk {
  const { company, ledger, faults, templates } = parts
  const senders = parts.senders.filter(({ wire }) => wire === company.wire.id)
  const rules = createRecipientRules(
    senders,
    (request) => !company.wire.mindsWindow || hasWrittenLately(request, ledger),
  )
  const desk: CarrierDesk = {
    ...{ account: company.account, senders, baseUrl: parts.baseUrl, files: parts.files, templates },
    judge: (request) => {
      const ordered = desk.fault(...refusingFaults)
      return ordered ? orderedRefusals[ordered] : rules.judge(request)
    },
    fault: (...kinds) => faults.take(company.wire.id, ...kinds)?.kind,
    take: (request) => parts.carrier.take(company, worded(request, templates)),
    find: (wanted) => findIn(ledger, company.wire.id, wanted),
    holds: (id) => {
      const held = ledger.find(id)
      return held?.wire === company.wire.id ? held : undefined
    },
    redact: (id) => {
      const held = desk.holds(id)
      return held && Object.assign(held, { redacted: true })
    },
    carry: (request, response, wire) => carry(request, response, wire, desk, parts),
  }
  return desk
}

async function carry(
  request: Request,
  response: Response,
  wire: SendWire,
  desk: CarrierDesk,
  { faults, company, stopped }: DeskParts,
): Promise<void> {
  const fault = faults.take(company.wire.id, ...connectionFaults)
  if (fault?.kind === 'cut') return void request.socket.destroy()
  if (fault?.kind === 'delay') await waitUnlessStopped(fault.ms ?? 1_000, stopped)
  const parsed = wire.parse()
  if (parsed.kind === 'refused') return answer(response, parsed.answer)
  const refusal = desk.judge(parsed.request)
  if (refusal) return answer(response, wire.refused(refusal))
  const { message, report } = desk.take(parsed.request)
  if (fault?.kind === 'timeout-after-accept') return report()
  if (fault?.kind === 'early') await report()
  answer(response, wire.taken(message))
  if (fault?.kind !== 'early') await report()
}

const orderedRefusals: Record<(typeof refusingFaults)[number], Refusal> = {
  '429': { status: 429, code: 'rate-limited', message: 'Too many messages.' },
  '429-retry-after': { status: 429, code: 'rate-limited', message: 'Too many messages.', retryAfter: 1 },
  '500': { status: 500, code: 'fault', message: 'The carrier has a fault of its own.' },
  '503': { status: 503, code: 'try-later', message: 'Not taken; try again.' },
  'opt-out': { status: 403, code: 'opted-out', message: 'The recipient asked for no more messages.' },
}

function answer(response: Response, { status, headers, body }: WireAnswer): void {
  response.status(status).set(headers ?? {})
  if (typeof body === 'string') response.send(body)
  else response.json(body)
}

function hasWrittenLately({ from, to }: SendRequest, ledger: Ledger): boolean {
  return ledger
    .of(to)
    .some(
      (one) =>
        one.direction === 'to-clinic' &&
        one.channel === 'whatsapp' &&
        one.to === from &&
        Date.now() - Date.parse(one.at) < windowFor,
    )
}

/** The phone shows what a patient would see: the approved wording, with the values in it. */
function worded(request: SendRequest, templates: TemplateShelf): SendRequest {
  if (!request.template) return request
  const { name, language, values } = request.template
  const approved = templates.find({ name, language })
  return { ...request, text: approved ? wordingOf(approved, values) : request.text }
}

function findIn(
  ledger: Ledger,
  wire: string,
  { id, correlation, to, from }: Parameters<CarrierDesk['find']>[0],
): ToPatient[] {
  const one = id === undefined ? undefined : ledger.find(id)
  const found = id === undefined ? ledger.outbox(correlation) : one?.direction === 'to-patient' ? [one] : []
  return found.filter(
    (message) =>
      message.wire === wire &&
      (correlation ?? message.correlation) === message.correlation &&
      (to ?? message.to) === message.to &&
      (from ?? message.from) === message.from,
  )
}
