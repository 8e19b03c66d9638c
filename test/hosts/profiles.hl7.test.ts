/** HL7's validator and our profiles: what it says of them and of FSH's examples, and that it would see a fault. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Hl7Issue, unexplained, validateWithHl7 } from './validator/validate-with-hl7.ts'

const generated = join(import.meta.dirname, '../../fhir-profiles/generated')
const faulty = 'faulty-attempt.json'

/** All definitions and examples, and one of these with a status that FHIR does not know, and without what our profile asks for. */
async function fill(folder: string): Promise<void> {
  for (const name of await readdir(generated)) await cp(join(generated, name), join(folder, name))
  const attempt = JSON.parse(await readFile(join(generated, 'Communication-attempt-sent.json'), 'utf8'))
  await writeFile(
    join(folder, faulty),
    JSON.stringify({ ...attempt, id: 'faulty', status: 'posted', identifier: undefined }),
  )
}

const program = inject('validator')
const why = program.kind === 'lacking' ? ` (skipped: ${program.because})` : ''

describe.skipIf(program.kind === 'lacking')(`HL7's validator${why}`, () => {
  let folder: string
  let issues: Hl7Issue[]
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qasid-hl7-'))
    await fill(folder)
    if (program.kind === 'ready') issues = await validateWithHl7(program.command, folder)
  }, 600_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('finds nothing in our definitions and examples but warnings with a reason', () => {
    expect(unexplained(issues.filter(({ file }) => file !== faulty))).toEqual([])
  })

  it('has looked at each of them', async () => {
    const looked = new Set(issues.map(({ file }) => file))
    expect((await readdir(folder)).filter((name) => !looked.has(name))).toEqual([])
  })

  it('finds what is wrong by FHIR and by our profile', () => {
    const found = unexplained(issues.filter(({ file }) => file === faulty)).join('\n')
    expect(found).toContain('error at Communication.status')
    expect(found).toContain('https://qasid.dev/fhir/StructureDefinition/message-attempt')
  })
})
