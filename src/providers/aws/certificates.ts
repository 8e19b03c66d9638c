/** Signing certificates by their addresses, each fetched once: what stands at an address never changes. */
import { call } from '../call.ts'

export interface Certificates {
  /**
   * `undefined` where there is none. Throws while it cannot be known: a refusal would be final, and the message lost, where
   * after a fault of ours the company calls again.
   */
  at(url: string): Promise<string | undefined>
}

/** A topic has one for months; strangers may name any number of others. */
const mostKept = 8
const longest = 20_000

export function createCertificates(): Certificates {
  const kept = new Map<string, string>()
  return {
    at: async (url) => {
      const known = kept.get(url)
      if (known) return known
      const answer = await call({ method: 'GET', url, most: longest })
      if (answer.kind !== 'answer' || answer.status >= 500)
        throw new Error('A webhook’s signing certificate cannot be fetched at the moment.')
      if (answer.status >= 300 || typeof answer.body !== 'string') return undefined
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size >= mostKept) kept.delete(oldest)
      kept.set(url, answer.body)
      return answer.body
    },
  }
}
