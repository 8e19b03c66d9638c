/** All pages of the guide, by file name. Pure but for reading the definitions and the words around them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Definitions, readDefinitions } from './definitions.ts'
import { readExampleWords } from './example-words.ts'
import { writeExtensionsPage } from './extensions-page.ts'
import { table } from './markdown.ts'
import { writeProfilePage } from './profile-page.ts'
import { writeNamingSystemsPage, writeSearchParametersPage, writeServersPage } from './server-pages.ts'
import { writeTerminologyPage } from './terminology-page.ts'

export function writeGuide(): Map<string, string> {
  const definitions = readDefinitions()
  const words = readExampleWords()
  return new Map([
    ['README.md', writeStory(definitions)],
    ...definitions.profiles.map((one): [string, string] => [
      `${one.id}.md`,
      writeProfilePage(one, definitions, words),
    ]),
    ['extensions.md', writeExtensionsPage(definitions)],
    ['terminology.md', writeTerminologyPage(definitions)],
    ['naming-systems.md', writeNamingSystemsPage(definitions)],
    ['search-parameters.md', writeSearchParametersPage(definitions)],
    ['servers.md', writeServersPage(definitions)],
  ])
}

/** Profiles stand in the order in which the story tells of them. */
function writeStory(definitions: Definitions): string {
  const story = readFileSync(join(import.meta.dirname, 'story.md'), 'utf8')
  const placeOf = ({ id }: { id?: string }) => story.indexOf(`(${id}.md)`)
  const inOrder = definitions.profiles.toSorted((a, b) => placeOf(a) - placeOf(b))
  const rows = inOrder.map((one) => [
    definitions.link(one.url),
    one.type,
    one.description ?? '',
    String(definitions.examplesOf(one).length),
  ])
  const profiles = table(['profile', 'of', 'is', 'examples'], rows)
  return story.replace('{{profiles}}', () => profiles)
}
