/** What a FHIR server holds, read as a stranger would: no code of ours asks. */
import type { Bundle, FhirResource } from 'fhir/r4'

type Type = FhirResource['resourceType']
export type Of<K extends Type> = Extract<FhirResource, { resourceType: K }> & { id: string }

/** As a transaction, each under its own id. */
export async function putAll(fhirBase: string, resources: FhirResource[]): Promise<void> {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }))
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry }
  await send('POST', fhirBase, bundle)
}

export async function put(url: string, resource: FhirResource): Promise<void> {
  await send('PUT', `${url}/${resource.resourceType}/${resource.id}`, resource)
}

/** The newest of each; `from: 'history'` gives every version. */
export async function readAll<K extends Type>(
  fhirBase: string,
  type: K,
  from: 'search' | 'history' = 'search',
): Promise<Of<K>[]> {
  const found: Of<K>[] = []
  let next: string | undefined = `${fhirBase}/${type}${from === 'history' ? '/_history' : ''}?_count=200`
  while (next) {
    const { entry = [], link = [] }: Bundle = await send('GET', next)
    found.push(...entry.flatMap(({ resource }) => (resource ? [resource as Of<K>] : [])))
    next = link.find(({ relation }) => relation === 'next')?.url
  }
  return found
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/fhir+json',
      'cache-control': 'no-cache',
      // Understood by the sandbox only.
      authorization: 'Bearer sandbox-admin',
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok)
    throw new Error(`${answer.status} to ${method} ${new URL(url).pathname}: ${text.slice(0, 300)}`)
  return JSON.parse(text || '{}') as T
}
