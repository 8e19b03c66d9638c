/** What a template wants to be told: the values that whoever orders a message gives, by name. */
import { Liquid } from 'liquidjs'
import type { Template } from './template.ts'

/** Patient and clinic are not among them: they are always known. */
export interface TemplateParameters {
  /** Without one of them it cannot be sent, on some channel or in some language. */
  required: string[]
  /** Left out with their clause. */
  optional: string[]
}

export function parametersOf({ contents }: Template): TemplateParameters {
  const bodies = contents.flatMap(({ body, subject = '' }) => [body, subject])
  const found = bodies.map((body) => ({ names: namesIn(body), optional: optionalIn(body) }))
  const required = new Set(
    found.flatMap(({ names, optional }) => names.filter((one) => !optional.includes(one))),
  )
  const all = new Set([...found.flatMap(({ names }) => names), ...(bodies.some(tellsTime) ? ['zone'] : [])])
  const own = [...all].filter((name) => name !== 'patient' && name !== 'clinic')
  return {
    required: own.filter((name) => required.has(name)),
    optional: own.filter((name) => !required.has(name)),
  }
}

/** Of a template that Liquid cannot read, none. */
function namesIn(body: string): string[] {
  const liquid = new Liquid({ strictFilters: false })
  try {
    return liquid.globalVariablesSync(liquid.parse(body))
  } catch {
    return []
  }
}

/** Names that a condition asks for, or that have a default: without them the text is whole too. */
export function optionalIn(body: string): string[] {
  const conditions = body.matchAll(/\{%-?\s*(?:if|elsif|unless|case)\s+([A-Za-z_]\w*)/g)
  const defaults = body.matchAll(/\{\{-?\s*([A-Za-z_]\w*)\s*\|\s*default\b/g)
  return [...new Set([...conditions, ...defaults].map(([, name = '']) => name))]
}

/** Days and times are those of a zone. */
function tellsTime(body: string): boolean {
  return /\|\s*(day|times?)\b/.test(body)
}
