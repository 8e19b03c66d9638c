/** How the imitated Cloud API refuses: its codes, statuses and the shape of its errors. */
import { randomBytes } from 'node:crypto'
import type { Refusal } from '../phones/recipient-rules.ts'
import type { WireAnswer } from '../phones/wire.ts'

interface GraphError {
  status: number
  code: number
  title: string
  details?: string
  subcode?: number
  type?: string
}

export function graphError({ status, code, title, details, subcode, type }: GraphError): WireAnswer {
  const error = {
    message: `(#${code}) ${title}`,
    type: type ?? 'OAuthException',
    code,
    ...(subcode && { error_subcode: subcode }),
    ...(details && { error_data: { messaging_product: 'whatsapp', details } }),
    // For the company's own support.
    fbtrace_id: randomBytes(9).toString('base64url'),
  }
  return { status, body: { error } }
}

export function invalidParameter(details: string, subcode?: number): WireAnswer {
  return graphError({ status: 400, code: 100, title: 'Invalid parameter', details, subcode })
}

/** What the company says to an id that is not the caller's. */
export const noSuchObject = graphError({
  ...{ status: 400, code: 100, subcode: 33, type: 'GraphMethodException' },
  title: 'Unsupported request. Object does not exist, or cannot be loaded due to missing permissions',
})

export const invalidToken = graphError({
  ...{ status: 401, code: 190, title: 'Invalid OAuth access token - Cannot parse access token' },
})

/** The company never says more of a recipient than this. */
const undeliverable: GraphError = { status: 400, code: 131026, title: 'Message undeliverable' }

/** The sandbox's words in the company's. */
const words: Record<string, GraphError> = {
  'invalid-recipient': undeliverable,
  'not-a-mobile': undeliverable,
  'recipient-unreachable': undeliverable,
  'unreachable-handset': undeliverable,
  'country-not-allowed': {
    ...{ status: 403, code: 130497 },
    title: 'Business account is restricted from messaging users in this country.',
  },
  'opted-out': {
    ...{ status: 400, code: 131050 },
    title: 'The user has stopped marketing messages from your business',
  },
  'outside-window': { status: 400, code: 131047, title: 'Re-engagement message' },
  'rate-limited': { status: 429, code: 130429, title: 'Rate limit hit' },
  'try-later': { status: 503, code: 131016, title: 'Service unavailable' },
  fault: { status: 500, code: 1, title: 'An unknown error has occurred.' },
}

const somethingWrong: GraphError = { status: 500, code: 131000, title: 'Something went wrong' }

export function errorFor(word: string): GraphError {
  return words[word] ?? somethingWrong
}

export function refused({ code, retryAfter }: Refusal): WireAnswer {
  const answer = code === 'unknown-sender' ? noSuchObject : graphError(errorFor(code))
  return { ...answer, ...(retryAfter && { headers: { 'retry-after': String(retryAfter) } }) }
}
