/**
 * Where the app talks to a host: its FHIR base, and its token endpoint, which many hosts keep elsewhere. The latter is
 * known once the host could be asked; until then, and when it moves, it is asked for again.
 */
import { second } from '../domain/time.ts'
import type { SmartConfiguration } from '../emr/smart-discovery.ts'
import type { Clock } from '../flows/ports.ts'
import { answerBriefly } from './answer-briefly.ts'

/** A host that is down is not asked more often than this. */
const askEvery = 5 * second

/** What is known now; each call looks, without waiting, whether there is something new. */
export function createHostOrigins(
  fhirBase: string,
  discover: (baseUrl: string) => Promise<Pick<SmartConfiguration, 'tokenEndpoint'>>,
  now: Clock,
): () => string[] {
  const own = new URL(fhirBase).origin
  let known = [own]
  const learn = answerBriefly(
    () =>
      discover(fhirBase).then(
        ({ tokenEndpoint }) => {
          known = [...new Set([own, new URL(tokenEndpoint).origin])]
        },
        // It will be asked again; what was known stays.
        () => undefined,
      ),
    askEvery,
    now,
  )
  void learn()
  return () => {
    void learn()
    return known
  }
}
