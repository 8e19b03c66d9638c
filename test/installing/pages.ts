/** Hosts that say what a case needs, path by path, and one that is away. */
import { onTestFinished } from 'vitest'
import { startScriptedServer } from '../unit/emr-scripted-server.ts'

/** What a host says under a path; a function of its origin. */
export interface Page {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
}
export type Pages = Record<string, (origin: string) => Page>

export async function startPages(pages: Pages): Promise<string> {
  const server = await startScriptedServer((response, { url, headers }) => {
    const origin = `http://${headers.host}`
    const page = pages[url]?.(origin) ?? { status: 404, json: { resourceType: 'OperationOutcome' } }
    const { status = 200, headers: more, json, text = JSON.stringify(json) } = page
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text)
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return `${server.origin}/fhir`
}

/** A machine at which nobody listens any more. */
export async function startAndStop(): Promise<string> {
  const server = await startScriptedServer()
  await server[Symbol.asyncDispose]()
  return `${server.origin}/fhir`
}

const all = ['read', 'search-type', 'create', 'update', 'delete']
export const types =
  'Patient Appointment Consent Communication CommunicationRequest Task Provenance AuditEvent ActivityDefinition Basic'
export const stating = (names = types, fhirVersion = '4.0.1') => ({
  json: {
    ...{ resourceType: 'CapabilityStatement', fhirVersion },
    rest: [
      {
        mode: 'server',
        resource: names.split(' ').map((type) => ({ type, interaction: all.map((code) => ({ code })) })),
      },
    ],
  },
})
