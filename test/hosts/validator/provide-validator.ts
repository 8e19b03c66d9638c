/** HL7's validator as a program to run: our Java around it, and the FHIR packages that it reads. */
import { join } from 'node:path'
import type { Say } from '../../../sandbox/provide/debian-packages.ts'
import type { Environment } from '../../../sandbox/provide/machine.ts'
import { type JavaProgram, provideJavaProgram } from '../java/java-program.ts'
import { seedPackages } from './seed-packages.ts'

export async function provideValidator(means: { env: Environment; say: Say }): Promise<JavaProgram> {
  const program = await provideJavaProgram(join(import.meta.dirname, 'Hl7Validator.java'), means)
  if (program.kind === 'lacking') return program
  const packages = await seedPackages(means)
  if (packages.kind === 'lacking') return packages
  return { kind: 'ready', command: [`-Duser.home=${packages.home}`, ...program.command] }
}
