/** What this machine has: programs on the PATH, root, Debian's package tool. Reads only. */
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type Environment = Record<string, string | undefined>

const run = promisify(execFile)

/** The path of the first of these programs that the PATH holds. */
export function findOnPath(names: string[], env: Environment): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

export function isDebian(env: Environment): boolean {
  return findOnPath(['apt-get'], env) !== undefined
}

/** Whether fontconfig knows a font that covers the language (ISO 639-1). */
export async function hasFontFor(language: string, env: Environment): Promise<boolean> {
  const fontList = findOnPath(['fc-list'], env)
  if (!fontList) return false
  const { stdout } = await run(fontList, [`:lang=${language}`, 'family'])
  return stdout.trim() !== ''
}
