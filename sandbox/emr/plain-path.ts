/**
 * The few shapes of FHIRPath that nearly all search parameters have, read without an interpreter: a resource is indexed
 * at every write, and there the interpreter took nine tenths of the time. Any other expression is not understood here.
 */

/** What stands there, nothing that is absent; `undefined` where only the interpreter can say. */
export type ReadPath = (resource: object) => unknown[] | undefined

type Filter = (value: unknown) => boolean

/** Of an expression's alternatives (`Communication.subject | Consent.patient`) those of this type. */
export function compilePath(expression: string, type: string): ReadPath | undefined {
  const alternatives = expression.split('|').map((one) => one.trim().replace(/^\((.*)\)$/, '$1'))
  if (!alternatives.every((one) => /^[A-Z]\w+\./.test(one))) return undefined
  const own = alternatives.filter((one) => one.startsWith(`${type}.`))
  const compiled = own.map((one) => compileOne(one.slice(type.length + 1)))
  const whole = compiled.filter((one) => one !== undefined)
  if (whole.length < compiled.length) return undefined
  return (resource) => {
    const found = whole.map((read) => read(resource))
    return found.includes(undefined) ? undefined : found.flatMap((values) => values ?? [])
  }
}

const shape =
  /^((?:[a-z]\w*)(?:\.[a-z]\w*)*?)(?:\.where\(resolve\(\) is (\w+)\)|\.where\((\w+)='([^']*)'\)|\.ofType\((\w+)\))?$/

function compileOne(path: string): ReadPath | undefined {
  const [, names = '', target, key, value, ofType] = shape.exec(path) ?? []
  const steps = names.split('.')
  const last = steps.at(-1) ?? ''
  if (!names) return undefined
  if (ofType) steps[steps.length - 1] = `${last}${ofType.charAt(0).toUpperCase()}${ofType.slice(1)}`
  const keep = filterOf({ target, key, value })
  return (resource) => {
    const found = steps.reduce<unknown[] | undefined>(step, [resource])
    return keep ? found?.filter(keep) : found
  }
}

function step(values: unknown[] | undefined, name: string): unknown[] | undefined {
  const objects = values?.filter((one) => typeof one === 'object' && one !== null) as object[] | undefined
  if (!objects || objects.some((one) => isChoice(one, name))) return undefined
  return objects.flatMap((one) => (one as Record<string, unknown>)[name] ?? [])
}

/** `occurrence` may stand there as `occurrenceDateTime`. */
function isChoice(value: object, name: string): boolean {
  if (name in value) return false
  return Object.keys(value).some((key) => key.startsWith(name) && /[A-Z]/.test(key.charAt(name.length)))
}

function filterOf({
  target,
  key,
  value,
}: {
  target?: string
  key?: string
  value?: string
}): Filter | undefined {
  const held = (one: unknown, name: string) => (one as Record<string, unknown> | undefined)?.[name]
  // On another server too: the type stands before the last slash.
  if (target) return (one) => isTo(String(held(one, 'reference') ?? ''), target)
  return key ? (one) => held(one, key) === value : undefined
}

function isTo(reference: string, type: string): boolean {
  return reference.startsWith(`${type}/`) || (/^https?:/.test(reference) && reference.includes(`/${type}/`))
}
