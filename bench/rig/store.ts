/** The store as we look at it: with `sandbox-admin`, and not counted as traffic. */
import type { Bundle, FhirResource } from 'fhir/r4'

const headers = { authorization: 'Bearer sandbox-admin', 'x-sandbox-watcher': 'yes' }
const entriesAtOnce = 500

export interface Traffic {
  requests: number
  /** `GET Patient` → how many. */
  by: Record<string, number>
}

export interface Store {
  fhirUrl: string
  /** Under their own ids, in batches. */
  put(resources: FhirResource[]): Promise<void>
  count(search: string): Promise<number>
  search<R extends FhirResource>(search: string): Promise<R[]>
  read<R extends FhirResource>(reference: string): Promise<R>
  traffic(): Promise<Traffic>
  forgetTraffic(): Promise<void>
  misbehave(fault: object): Promise<void>
  behave(): Promise<void>
}

export function openStore(url: string): Store {
  const fhirUrl = `${url}/fhir`
  const ask = async (path: string, init: RequestInit = {}) => {
    const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json'
    const answer = await fetch(`${url}${path}`, { ...init, headers: { ...headers, 'content-type': type } })
    if (!answer.ok) throw new Error(`The store answered ${answer.status} to ${path.split('?')[0]}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  const post = (path: string, body: object) => ask(path, { method: 'POST', body: JSON.stringify(body) })
  return {
    fhirUrl,
    async put(resources) {
      for (let from = 0; from < resources.length; from += entriesAtOnce)
        refuseFaults((await post('/fhir', toBatch(resources.slice(from, from + entriesAtOnce)))) as Bundle)
    },
    count: async (search) => ((await ask(`/fhir/${search}&_count=0`)) as Bundle).total ?? 0,
    search: <R extends FhirResource>(search: string) => searchAll<R>(fhirUrl, search),
    read: async <R extends FhirResource>(reference: string) => (await ask(`/fhir/${reference}`)) as R,
    traffic: async () => (await ask('/sandbox/traffic')) as Traffic,
    forgetTraffic: () => ask('/sandbox/traffic', { method: 'DELETE' }) as Promise<void>,
    misbehave: (fault) => post('/sandbox/faults', fault) as Promise<void>,
    behave: () => ask('/sandbox/faults', { method: 'DELETE' }) as Promise<void>,
  }
}

function toBatch(resources: FhirResource[]): object {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }))
  return { resourceType: 'Bundle', type: 'batch', entry }
}

function refuseFaults({ entry = [] }: Bundle): void {
  const refused = entry.find(({ response }) => !response?.status.startsWith('2'))
  if (refused) throw new Error(`The store refused an entry: ${JSON.stringify(refused.response)}`)
}

async function searchAll<R extends FhirResource>(fhirUrl: string, search: string): Promise<R[]> {
  const found: R[] = []
  let next: string | undefined = `${fhirUrl}/${search}&_count=1000`
  while (next) {
    const page = (await (await fetch(next, { headers })).json()) as Bundle
    found.push(...(page.entry ?? []).map(({ resource }) => resource as R))
    next = page.link?.find(({ relation }) => relation === 'next')?.url
  }
  return found
}
