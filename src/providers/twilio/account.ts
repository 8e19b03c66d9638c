/** The clinic's account at the company: how its API is called in the account's name. All addresses come from the install. */
import type { Answer } from '../call.ts'
import { codeOf } from '../refusal.ts'

export interface Account {
  accountSid: string
  /** Signs the company's webhooks; opens the API where there is no key. */
  authToken: string
  apiKey?: string
  apiSecret?: string
  messagingServiceSid?: string
  baseUrl: string
  contentUrl: string
}

export function accountUrl({ baseUrl, accountSid }: Account, path = ''): string {
  return `${withoutSlash(baseUrl)}/2010-04-01/Accounts/${accountSid}${path}.json`
}

export function contentApiUrl({ contentUrl }: Account, path: string): string {
  return `${withoutSlash(contentUrl)}/v1${path}`
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

/** By key where there is one, so that a clinic can withdraw it without changing its token. */
export function byKeyOrToken(account: Account): Record<string, string> {
  const { apiKey, apiSecret } = account
  return apiKey && apiSecret ? basic(apiKey, apiSecret) : byToken(account)
}

export function byToken({ accountSid, authToken }: Account): Record<string, string> {
  return basic(accountSid, authToken)
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** The company's own code in an answer of whatever form; never its message, which repeats numbers. */
export function errorCode({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  return codeOf((body as { code?: unknown } | null | undefined)?.code) ?? `http-${status}`
}

/** Not the fault of what was asked: it may be asked again. */
export function isBusy(status: number): boolean {
  return status >= 500 || status === 429 || status === 408
}
