/**
 * What a launch may say: `iss` and `launch`, nothing else. Everything else in the address is dropped before the SMART
 * library sees it, because it lets `clientId`, `fhirServiceUrl` and `patientId` there override the configuration.
 */
export type LaunchParameters =
  /** The host opened us in a chart; `launch` is its word for which. */
  | { kind: 'ehr'; iss: string; launch: string }
  /** Somebody came by a link: the host asks who they are, and whose chart. Without `iss` it is the only host there is. */
  | { kind: 'standalone'; iss?: string }

/** `undefined` for what is neither, or is said twice. */
export function readLaunch(query: string): LaunchParameters | undefined {
  const parameters = new URLSearchParams(query)
  const [isses, launches] = [parameters.getAll('iss'), parameters.getAll('launch')]
  if (isses.length > 1 || launches.length > 1) return undefined
  const [[iss], [launch]] = [isses, launches]
  if (iss === undefined) return launch === undefined ? { kind: 'standalone' } : undefined
  if (!isWebAddress(iss)) return undefined
  if (launch === undefined) return { kind: 'standalone', iss }
  return launch ? { kind: 'ehr', iss, launch } : undefined
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
