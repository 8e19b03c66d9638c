/** The page of all extensions: where each stands, and what it holds. */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import type { Definitions } from './definitions.ts'
import { demandsOf, typesOf } from './element-rows.ts'
import { code, heading, page, table } from './markdown.ts'

export function writeExtensionsPage(definitions: Definitions): string {
  return page(
    heading(1, 'Extensions'),
    'All that R4 cannot say. Everything else has a standard home.',
    table(
      ['extension', 'stands on', 'says'],
      definitions.extensions.map((one) => [
        `[${one.title}](#${one.id})`,
        contextsOf(one),
        one.description ?? '',
      ]),
    ),
    ...definitions.extensions.map((one) => writeExtension(one, definitions)),
    '[All profiles](README.md)',
  )
}

function contextsOf({ context = [] }: StructureDefinition): string {
  return context.map(({ expression }) => code(expression)).join(', ')
}

function writeExtension(extension: StructureDefinition, definitions: Definitions): string {
  const elements = extension.snapshot?.element ?? []
  const parts = elements.filter(({ path, sliceName }) => path === 'Extension.extension' && sliceName)
  const own = elements.find(({ id }) => id === 'Extension.value[x]')
  return page(
    heading(2, extension.title ?? extension.name, extension.id),
    extension.description,
    `${code(extension.url)} on ${contextsOf(extension)}`,
    parts.length > 0
      ? writeParts(parts, elements, definitions)
      : own && `Its value: ${tellValue(own, definitions)}.`,
  ).trimEnd()
}

function writeParts(
  parts: ElementDefinition[],
  elements: ElementDefinition[],
  definitions: Definitions,
): string {
  const rows = parts.map((part) => {
    const value = elements.find(({ id }) => id === `${part.id}.value[x]`)
    return [
      code(part.sliceName ?? ''),
      `${part.min}..${part.max}`,
      part.short ?? '',
      value ? [typesOf(value), ...demandsIn(value, elements, definitions)].join('\n') : '',
    ]
  })
  return table(['part', 'how many', 'what we mean by it', 'type and value'], rows)
}

function tellValue(value: ElementDefinition, definitions: Definitions): string {
  return [typesOf(value), ...demandsOf(value, definitions)].join(', ')
}

/** Of the value itself, and of it as the one type that it may have. */
function demandsIn(
  value: ElementDefinition,
  elements: ElementDefinition[],
  definitions: Definitions,
): string[] {
  const typed = elements.filter(({ id }) => id?.startsWith(`${value.id}:`))
  return [...new Set([value, ...typed].flatMap((one) => demandsOf(one, definitions)))]
}
