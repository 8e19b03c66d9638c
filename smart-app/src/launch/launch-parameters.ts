/**
 * What a launch may say: `iss` and `launch`, nothing else. Everything else in the address is dropped before the SMART
 * library sees it, because it lets `clientId`, `fhirServiceUrl` and `patientId` there override the configuration.
 */
export interface LaunchParameters {
  iss: string
  launch: string
}

export function readLaunch(query: string): LaunchParameters | undefined {
  const parameters = new URLSearchParams(query)
  const [iss, launch] = [parameters.get('iss'), parameters.get('launch')]
  return iss && launch && isWebAddress(iss) ? { iss, launch } : undefined
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
