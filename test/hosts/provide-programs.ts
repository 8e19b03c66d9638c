/**
 * Before all host tests: the Java programs that they run. A test asks `inject('hapi')` and is skipped, with the reason in
 * its name, where the machine or the network lacks something.
 */
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type JavaProgram, provideJavaProgram } from './java/java-program.ts'
import { provideValidator } from './validator/provide-validator.ts'

declare module 'vitest' {
  interface ProvidedContext {
    hapi: JavaProgram
    validator: JavaProgram
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { env } = process
  const say = console.error
  const hapi = await provideJavaProgram(join(import.meta.dirname, 'hapi/HapiServer.java'), { env, say })
  if (hapi.kind === 'lacking') say(`skipped: ${hapi.because}`)
  project.provide('hapi', hapi)
  const validator = await provideValidator({ env, say })
  if (validator.kind === 'lacking') say(`skipped: HL7's validator: ${validator.because}`)
  project.provide('validator', validator)
}
