/** Which credentials of a provider are secrets, by the `.meta({ secret: true })` of its schema. */
import { z } from 'zod'
import type { Provider } from './provider.ts'

interface Described {
  properties?: Record<string, { secret?: unknown }>
  anyOf?: Described[]
  oneOf?: Described[]
  allOf?: Described[]
}

export function secretFields(provider: Pick<Provider, 'credentials'>): string[] {
  // As JSON Schema, because there a mark survives whatever wraps the field: optional, default, union.
  const described = z.toJSONSchema(provider.credentials, { io: 'input', unrepresentable: 'any' })
  return [...new Set(fieldsIn(described as Described))]
}

function fieldsIn({ properties = {}, anyOf = [], oneOf = [], allOf = [] }: Described): string[] {
  const own = Object.entries(properties).filter(([, field]) => field.secret === true)
  return [...own.map(([name]) => name), ...[...anyOf, ...oneOf, ...allOf].flatMap(fieldsIn)]
}
