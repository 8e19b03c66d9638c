/** The page of one profile: what it is for, its elements, its rules in words, and its examples. */
import type { StructureDefinition } from 'fhir/r4'
import type { Definitions } from './definitions.ts'
import { toRows } from './element-rows.ts'
import type { ExampleWords } from './example-words.ts'
import { code, details, heading, json, page, table } from './markdown.ts'
import { stateTables } from './state-tables.ts'

export function writeProfilePage(
  profile: StructureDefinition,
  definitions: Definitions,
  words: Map<string, ExampleWords>,
): string {
  return page(
    heading(1, profile.title ?? profile.name),
    profile.description,
    profile.purpose,
    `A profile of [${profile.type}](https://hl7.org/fhir/R4/${profile.type.toLowerCase()}.html): ${code(profile.url)}`,
    heading(2, 'Elements'),
    writeElements(profile, definitions),
    writeStates(profile),
    writeRules(profile),
    heading(2, 'Examples'),
    ...writeExamples(profile, definitions, words),
    '[All profiles](README.md)',
  )
}

function writeElements(profile: StructureDefinition, definitions: Definitions): string {
  const rows = toRows(profile, definitions).map((row) => [
    row.element,
    row.cardinality,
    row.mustSupport ? '✓' : '',
    row.meaning,
    row.value,
  ])
  return table(['element', 'how many', 'MS', 'what we mean by it', 'type and value'], rows)
}

function writeStates({ id = '' }: StructureDefinition): string | undefined {
  const states = stateTables[id]
  return states && page(heading(2, 'States'), table(states.heads, states.rows)).trimEnd()
}

/** Ours only; R4's own hold besides. */
function writeRules({ differential, url }: StructureDefinition): string | undefined {
  const rules = (differential?.element ?? []).flatMap(({ constraint = [], id = '' }) =>
    constraint.map((one) => [code(one.key), id === id.split('.')[0] ? 'the whole' : code(id), one.human]),
  )
  const key = url.split('/').at(-1)
  if (rules.length === 0) return undefined
  return page(
    heading(2, 'Rules'),
    table(
      ['rule', 'of', `what a ${key} keeps`],
      rules.map(([name = '', of = '', human = '']) => [name, of.replace(/^`\w+\./, '`'), human]),
    ),
  ).trimEnd()
}

function writeExamples(
  profile: StructureDefinition,
  definitions: Definitions,
  words: Map<string, ExampleWords>,
): string[] {
  const order = [...words.keys()]
  return definitions
    .examplesOf(profile)
    .toSorted((a, b) => order.indexOf(a.id ?? '') - order.indexOf(b.id ?? ''))
    .map((example) => {
      const { title = example.id, description = '' } = words.get(example.id ?? '') ?? {}
      return page(
        `**${title}.** ${description}`,
        details(`${example.resourceType}/${example.id}`, json(example)),
      ).trimEnd()
    })
}
