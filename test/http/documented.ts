/** Holds a real answer against the OpenAPI document: its status must be foretold, and its body be what was promised. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { openApi } from '../../src/contract/openapi.ts'

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Content }> }>>
  components: { schemas: Record<string, object> }
}
type Content = { 'application/json': { schema: { $ref: string } } }

const document = openApi('https://qasid.example') as unknown as Document

/** Named as in the document: `#/components/schemas/Problem`. */
export function schemaChecker() {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'api', components: document.components })
  return (reference: string, value: unknown): string[] => {
    ajv.validate({ $ref: `api${reference}` }, value)
    return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}

const check = schemaChecker()

export function expectDocumented(method: string, path: string, status: number, text: string): void {
  const known = Object.keys(document.paths).find((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
  )
  const responses = document.paths[known ?? '']?.[method.toLowerCase()]?.responses ?? {}
  expect(Object.keys(responses), `${method} ${path} answers ${status}`).toContain(String(status))
  const reference = responses[status]?.content?.['application/json'].schema.$ref
  if (reference) expect(check(reference, JSON.parse(text)), `${method} ${path}: ${reference}`).toEqual([])
}
