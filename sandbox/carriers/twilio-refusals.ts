/** Twilio's refusals: its numbers for the sandbox's words, and who may ask at all. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Refusal } from '../phones/recipient-rules.ts'
import type { Account, WireAnswer } from '../phones/wire.ts'

const refusals: Record<string, [status: number, code: number]> = {
  'invalid-recipient': [400, 21211],
  'recipient-unreachable': [400, 21612],
  'country-not-allowed': [400, 21408],
  'opted-out': [400, 21610],
  'not-a-mobile': [400, 21614],
  'outside-window': [400, 63016],
  'unknown-sender': [400, 21606],
  'rate-limited': [429, 20429],
  'try-later': [503, 21730],
  fault: [500, 20500],
}

export function refused({ code, message, retryAfter }: Refusal): WireAnswer {
  const [status, number] = refusals[code] ?? [400, 20001]
  const answer = refusal(status, number, message)
  return retryAfter ? { ...answer, headers: { 'retry-after': String(retryAfter) } } : answer
}

export function refusal(status: number, code: number, message: string): WireAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } }
}

export function refuse(response: Response, status: number, code: number, message: string): Response {
  return response.status(status).json(refusal(status, code, message).body)
}

export function onlyWithKey({ accountSid, authToken, apiKey, apiSecret }: Account) {
  const pairs = [`${accountSid}:${authToken}`, ...(apiKey && apiSecret ? [`${apiKey}:${apiSecret}`] : [])]
  const expected = pairs.map((pair) => digest(`Basic ${Buffer.from(pair).toString('base64')}`))
  return (request: Request, response: Response, next: NextFunction) => {
    const given = digest(request.get('authorization') ?? '')
    if (expected.some((one) => timingSafeEqual(one, given))) return next()
    refuse(response, 401, 20003, 'Authenticate')
  }
}

/** Equal lengths, as a comparison in constant time needs them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function onlyOwn({ accountSid }: Account) {
  return (_request: Request, response: Response, next: NextFunction, account: string) =>
    account === accountSid ? next() : void refuse(response, 404, 20404, 'Not found.')
}
