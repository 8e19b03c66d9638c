/** What the FSH says of each example in words: FHIR has no place for it in the example itself. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ExampleWords {
  title: string
  description: string
}

const source = join(import.meta.dirname, '..', 'input', 'fsh', 'examples')
const said =
  /^Instance: (?<id>\S+)\nInstanceOf: .*\nUsage: #example\nTitle: "(?<title>.*)"\nDescription: "(?<description>.*)"$/gm

/** By id, in the order in which they are written. */
export function readExampleWords(): Map<string, ExampleWords> {
  const files = globSync('*.fsh', { cwd: source }).sort()
  const found = files.flatMap((file) => [...readFileSync(join(source, file), 'utf8').matchAll(said)])
  return new Map(
    found.map(({ groups: { id = '', title = '', description = '' } = {} }) => [id, { title, description }]),
  )
}
