/** Clients that we registered are given back to the server that they are of. */
import type { Dialect, Registered } from '../domain/registration.ts'
import type { InstallParts } from './install-ports.ts'

export interface RegisteredAt {
  fhirBase: string
  dialect: Dialect
  registered: Registered
  adminToken?: string
}

/** What could not be taken back, by client id or reference. Throws `EmrError` while the server is away. */
export async function takeBackClients(
  parts: Pick<InstallParts, 'registrar' | 'resourceRegistrar'>,
  { fhirBase, dialect, registered, adminToken }: RegisteredAt,
): Promise<string[]> {
  if (dialect === 'rfc7591' || dialect === 'openemr') return parts.registrar.unregister(registered)
  if (registered.made.length === 0) return []
  if (!adminToken) return registered.made
  return parts.resourceRegistrar.unregister(fhirBase, registered.made, adminToken)
}
