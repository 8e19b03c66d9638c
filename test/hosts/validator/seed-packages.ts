/**
 * The FHIR packages that HL7's validator works from, under a HOME of its own, so that it asks nobody at run time. They come
 * from npm. R4 itself is not there under its own name; the package of its examples holds all its definitions too.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Say } from '../../../sandbox/provide/debian-packages.ts'
import type { Environment } from '../../../sandbox/provide/machine.ts'
import { cached } from '../java/cached.ts'

const run = promisify(execFile)

interface Seed {
  /** Name and version on npm. */
  from: string
  /** Name and version that the validator looks for. */
  as: string
  /** File names; everything when left out. */
  only?: RegExp
  /** Of the package, where it is not to say its own. */
  type?: string
}

const seeds: Seed[] = [
  {
    from: 'hl7.fhir.r4.examples@4.0.1',
    as: 'hl7.fhir.r4.core#4.0.1',
    // In any other the validator refuses what R4 itself says twice.
    type: 'fhir.core',
    only: /^(StructureDefinition|ValueSet|CodeSystem|ConceptMap|NamingSystem|SearchParameter|OperationDefinition|CompartmentDefinition)-/,
  },
  {
    from: 'hl7.terminology.r4@7.0.1',
    as: 'hl7.terminology.r4#7.0.1',
    only: /^(ValueSet|CodeSystem|StructureDefinition)-/,
  },
  { from: 'hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1', as: 'hl7.fhir.uv.extensions.r4#5.3.0-ballot-tc1' },
]
/** Extensions between FHIR's versions: we write none, and the validator does not start without the package. */
const empty = 'hl7.fhir.xver-extensions#0.1.0'

export type SeededPackages = { kind: 'ready'; home: string } | { kind: 'lacking'; because: string }

export async function seedPackages({ env, say }: { env: Environment; say: Say }): Promise<SeededPackages> {
  const madeFrom = [await readFile(import.meta.filename, 'utf8')]
  try {
    const home = await cached({ env, name: 'fhir-packages', madeFrom }, async (folder) => {
      say('Fetching the FHIR packages from npm …')
      for (const seed of seeds) await plant(seed, folder, env)
      await describe(join(folder, '.fhir/packages', empty, 'package'), empty, {})
    })
    return { kind: 'ready', home }
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    if (stderr === undefined) throw error
    return { kind: 'lacking', because: 'the FHIR packages cannot be fetched from npm' }
  }
}

async function plant({ from, as, only, type }: Seed, home: string, env: Environment): Promise<void> {
  const scratch = join(home, 'scratch')
  await mkdir(scratch, { recursive: true })
  await run('npm', ['pack', from, '--silent', '--pack-destination', scratch], { env })
  const [archive = ''] = await readdir(scratch)
  await run('tar', ['-xzf', join(scratch, archive), '-C', scratch])
  const [source, target] = [join(scratch, 'package'), join(home, '.fhir/packages', as, 'package')]
  const about: object = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
  await mkdir(target, { recursive: true })
  for (const name of await readdir(source))
    if (!only || only.test(name)) await cp(join(source, name), join(target, name), { recursive: true })
  await describe(target, as, type ? { ...about, type } : about)
  await rm(scratch, { recursive: true })
}

/** Without what the package depends on: the versions that it names are not on npm, and those here serve it. */
async function describe(folder: string, as: string, about: object): Promise<void> {
  const [name, version] = as.split('#')
  const told = { ...about, name, version, fhirVersions: ['4.0.1'], dependencies: undefined }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(told))
}
