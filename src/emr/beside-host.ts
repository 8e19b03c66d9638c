/**
 * A store beside the host knows nothing of the host's patients and visits: what we write and search there names them by
 * the host's address. Its answers are read so in `fhir-call.ts`.
 */
import { withHostAddress, withHostReferences } from '../fhir/reference.ts'
import type { Interaction } from './interaction.ts'

/** As the server is to read it; unchanged where the server is the host. */
export function besideHost(asked: Interaction, hostBase: string | undefined): Interaction {
  if (hostBase === undefined) return asked
  switch (asked.kind) {
    case 'read':
      return asked
    case 'search':
      return { ...asked, pairs: asked.pairs.map(([name, value]) => [name, withHostAddress(value, hostBase)]) }
    case 'create':
    case 'update':
      return { ...asked, resource: withHostReferences(asked.resource, hostBase) } as Interaction
  }
}
