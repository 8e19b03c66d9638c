/** The page of all codes: our own systems, and the sets that elements are bound to. */
import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from 'fhir/r4'
import type { Definitions } from './definitions.ts'
import { code, heading, page, table } from './markdown.ts'

export function writeTerminologyPage(definitions: Definitions): string {
  const systems = definitions.all('CodeSystem')
  const sets = definitions.all('ValueSet')
  const bound = sets.filter((one) => !isWholeSystem(one, systems))
  return page(
    heading(1, 'Codes'),
    'Our own codes first, each list with all of its words; then the sets that mix them, or take some of HL7’s. The words are those of the program, and a test compares the two.',
    ...systems.map((one) => writeSystem(one, sets)),
    heading(1, 'Value sets of several systems, or of some codes'),
    ...bound.map((one) => writeSet(one, definitions)),
    '[All profiles](README.md)',
  )
}

function writeSystem(system: CodeSystem, sets: ValueSet[]): string {
  const whole = sets.find((one) => isWholeSystem(one, [system]))
  return page(
    heading(2, system.title ?? system.name ?? '', `code-system-${system.id}`),
    whole && `<a id="value-set-${whole.id}"></a>`,
    system.description,
    [code(system.url ?? ''), whole && `all of them: ${code(whole.url ?? '')}`].filter(Boolean).join('; '),
    writeConcepts(system.concept ?? []),
  ).trimEnd()
}

function writeConcepts(concepts: CodeSystemConcept[]): string {
  return table(
    ['code', 'words', 'meaning'],
    concepts.map(({ code: word, display = '', definition = '' }) => [code(word), display, definition]),
  )
}

/** A set that is one system and nothing else is told with the system. */
function isWholeSystem({ compose }: ValueSet, systems: CodeSystem[]): boolean {
  const [only, more] = compose?.include ?? []
  return !more && !only?.concept && systems.some(({ url }) => url === only?.system)
}

function writeSet(set: ValueSet, definitions: Definitions): string {
  const systems = definitions.all('CodeSystem')
  const rows = (set.compose?.include ?? []).flatMap((include) => rowsOf(include, systems, definitions))
  return page(
    heading(2, set.title ?? set.name ?? '', `value-set-${set.id}`),
    set.description,
    code(set.url ?? ''),
    table(['code', 'words', 'of'], rows),
  ).trimEnd()
}

function rowsOf(
  { system = '', concept = [], valueSet = [] }: ValueSetComposeInclude,
  systems: CodeSystem[],
  definitions: Definitions,
): string[][] {
  const own = systems.find(({ url }) => url === system)?.concept ?? []
  const of = own.length > 0 ? definitions.link(system) : code(system)
  const named = concept.map(({ code: word, display }) => [
    code(word),
    display ?? own.find((one) => one.code === word)?.display ?? '',
    of,
  ])
  return [...valueSet.map((url) => ['all', '', definitions.link(url)]), ...named]
}
