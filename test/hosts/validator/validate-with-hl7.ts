/** What HL7's own validator says of a folder of resources: one JVM for all of them, no network, our profiles loaded. */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { knownDefinitions } from './known-definitions.ts'
import { because } from './known-warnings.ts'

const run = promisify(execFile)
const generated = join(import.meta.dirname, '../../../fhir-profiles/generated')

export interface Hl7Issue {
  /** Name of the file within the folder. */
  file: string
  level: 'fatal' | 'error' | 'warning' | 'information'
  /** HL7's name for this kind of complaint, or the URL of the broken rule. */
  id: string
  /** FHIRPath of the element. */
  at: string
  says: string
}

/** `command` is that of the `JavaProgram`; each `.json` in the folder is one resource. */
export async function validateWithHl7(command: string[], folder: string): Promise<Hl7Issue[]> {
  const profiles = await mkdtemp(join(tmpdir(), 'qasid-profiles-'))
  try {
    await numbered(profiles)
    const { stdout } = await run('java', ['-Xmx2g', '-XX:+UseSerialGC', ...command, profiles, folder], {
      maxBuffer: 100_000_000,
    })
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
    return lines.map((line) => JSON.parse(line) as Hl7Issue)
  } finally {
    await rm(profiles, { recursive: true })
  }
}

/** Our profiles under plain names: the validator skips files whose names end in "template". */
async function numbered(folder: string): Promise<void> {
  const names = (await readdir(generated)).filter((name) => isDefinition(name))
  await Promise.all(
    names.map((name, index) => copyFile(join(generated, name), join(folder, `${index}.json`))),
  )
  for (const [index, definition] of knownDefinitions.entries())
    await writeFile(join(folder, `known-${index}.json`), JSON.stringify(definition))
}

/** Of a file in `fhir-profiles/generated`; all others are examples. */
function isDefinition(name: string): boolean {
  return /^(StructureDefinition|ValueSet|CodeSystem|NamingSystem|SearchParameter|CapabilityStatement)-/.test(
    name,
  )
}

/** Errors, and warnings that nobody has explained; as lines that can be read. */
export function unexplained(issues: Hl7Issue[]): string[] {
  return issues
    .filter(({ level }) => level !== 'information')
    .filter((issue) => issue.level !== 'warning' || because(issue) === undefined)
    .map(({ file, level, id, at, says }) => `${file}: ${level} at ${at}: ${says} [${id}]`)
}
