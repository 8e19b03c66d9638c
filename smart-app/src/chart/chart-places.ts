/**
 * Where our own records are read. Most hosts keep them, and are asked with the clinician's own token; where they stand beside
 * the host our server gives them out, after it has asked the host whether this clinician may see this patient.
 */
import type { Backend } from '../launch/backend.ts'
import { createFhirHost, type FhirHost } from './fhir-host.ts'

export function createOurPlace(parts: {
  host: FhirHost
  backend: Pick<Backend, 'chart' | 'fetch'>
  /** Our server's, `https://qasid.example`. */
  origin: string
}): () => Promise<FhirHost> {
  const { host, backend, origin } = parts
  const gateway = createFhirHost({
    base: `${origin}/api/chart`,
    fetch: (url, init = {}) => backend.fetch(String(url), init),
  })
  let known: FhirHost | undefined
  return async () => {
    if (known) return known
    try {
      known = (await backend.chart()) === 'gateway' ? gateway : host
      return known
    } catch {
      // Our server is away, which takes nothing from a host that keeps all; what it does not keep it says itself.
      return host
    }
  }
}
