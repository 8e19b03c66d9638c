/** The first questions to a server that nobody knows yet: what it is, and how one signs in. */
import type { Examiner, SmartFacts } from '../flows/install-ports.ts'
import { EmrError } from '../flows/ports.ts'
import { readCapabilities } from './capabilities.ts'
import { discoverSmart } from './smart-discovery.ts'

export const examiner: Examiner = {
  statement: (fhirBase) => readCapabilities({ baseUrl: fhirBase }),
  async smart(fhirBase): Promise<SmartFacts | undefined> {
    try {
      return await discoverSmart(fhirBase)
    } catch (error) {
      // A host without SMART says so in its own way: not there, or a page for people.
      if (error instanceof EmrError && isNone(error)) return undefined
      throw error
    }
  },
  async isReachable(url) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: 'manual' })
      await answer.body?.cancel()
      return answer.ok
    } catch {
      return false
    }
  },
}

function isNone({ status, message }: EmrError): boolean {
  return (status !== undefined && status >= 400 && status < 500) || message.endsWith('that is not JSON')
}
