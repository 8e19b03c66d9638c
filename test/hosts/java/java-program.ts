/**
 * A Java program of ours: one source file, and a `pom.xml` that names its libraries on Maven Central. Both are kept once
 * fetched and compiled. What the machine or the network lacks is an answer, not an error.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages, type Say } from '../../../sandbox/provide/debian-packages.ts'
import { type Environment, findOnPath, isDebian, isRoot } from '../../../sandbox/provide/machine.ts'
import { cached, cacheFolder } from './cached.ts'
import { decideJava, readJavaVersion } from './decide-java.ts'

const run = promisify(execFile)

export type JavaProgram =
  | {
      kind: 'ready'
      /** What follows `java`: the class path and the class. */
      command: string[]
    }
  | { kind: 'lacking'; because: string }

/** Milliseconds for all libraries over a slow line. */
const patience = 20 * 60_000

/** `source` is the path of the .java file; its `pom.xml` stands beside it. */
export async function provideJavaProgram(
  source: string,
  { env, say }: { env: Environment; say: Say },
): Promise<JavaProgram> {
  const lacking = await provideJava(env, say)
  if (lacking) return { kind: 'lacking', because: lacking }
  const name = basename(source, '.java')
  const pom = join(dirname(source), 'pom.xml')
  const madeFrom = [await readFile(pom, 'utf8')]
  try {
    const jars = await cached({ env, name: `${name}-jars`, madeFrom }, async (folder) => {
      say(`Fetching ${name}'s libraries from Maven Central …`)
      await fetchJars(pom, folder, env)
    })
    madeFrom.push(await readFile(source, 'utf8'))
    const classes = await cached({ env, name: `${name}-classes`, madeFrom }, async (folder) => {
      await run('javac', ['-nowarn', '-cp', join(jars, '*'), '-d', folder, source], { env })
    })
    return { kind: 'ready', command: ['-cp', `${classes}:${join(jars, '*')}`, name] }
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'lacking', because: error.message }
    throw error
  }
}

class Unreachable extends Error {}

async function provideJava(env: Environment, say: Say): Promise<string | undefined> {
  const javac = findOnPath(['javac'], env)
  const provision = decideJava({
    javaVersion: javac ? readJavaVersion((await run(javac, ['-version'])).stdout) : 0,
    maven: findOnPath(['mvn'], env) !== undefined,
    root: isRoot(),
    debian: isDebian(env),
  })
  switch (provision.kind) {
    case 'found':
      return undefined
    case 'install':
      return installPackages(provision.packages, { env, say }).then(
        () => undefined,
        (error: Error) => error.message,
      )
    case 'refuse':
      return provision.because
  }
}

async function fetchJars(pom: string, folder: string, env: Environment): Promise<void> {
  const settings = {
    'maven.repo.local': join(cacheFolder(env), 'maven'),
    includeScope: 'runtime',
    outputDirectory: folder,
  }
  const defined = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`)
  await run('mvn', ['-q', '-B', '-f', pom, ...defined, 'dependency:copy-dependencies'], {
    env,
    timeout: patience,
    maxBuffer: 10_000_000,
  }).catch((error: { stdout?: string; killed?: boolean }) => {
    const said = error.stdout ?? ''
    if (error.killed || /Could not transfer|Unknown host|timed out/i.test(said))
      throw new Unreachable('Maven Central cannot be reached')
    throw new Error(`Maven failed: ${/^\[ERROR\] .*$/m.exec(said)?.[0] ?? 'it does not say why'}`, {
      cause: error,
    })
  })
}
