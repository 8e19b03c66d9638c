/** Install files as `qasid install` writes them, and the reports beside them. A file is whole or not there. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'

type Place = Pick<Config, 'dataDir'>
type Json = Record<string, unknown>

/** The first install of a deployment finds no folder yet. */
export async function makeShelf(place: Place): Promise<void> {
  const folder = folderOf(place, 'installs')
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be written.`], { cause })
  })
}

/** As they stand in their files, secrets sealed or named. */
export async function listInstalls(place: Place): Promise<(Json & { id: string })[]> {
  const folder = folderOf(place, 'installs')
  const names = await readdir(folder).catch(() => [])
  const found: (Json & { id: string })[] = []
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const file = await readJson(join(folder, name))
    if (typeof file?.id === 'string') found.push({ ...file, id: file.id })
  }
  return found
}

/** Readable by its owner only; the one before it stays until this one is whole. */
export async function writeInstall(place: Place, file: Json & { id: string }): Promise<void> {
  await write(folderOf(place, 'installs'), `${file.id}.json`, file)
}

/** It is put aside and not destroyed: senders and settings were typed in by somebody. */
export async function retireInstall(place: Place, id: string): Promise<string> {
  const folder = folderOf(place, 'installs')
  const aside = join(folder, `${id}.json.uninstalled`)
  await rename(join(folder, `${id}.json`), aside)
  return aside
}

/** What was put aside is in force again. */
export async function restoreInstall(place: Place, id: string): Promise<void> {
  const folder = folderOf(place, 'installs')
  await rename(join(folder, `${id}.json.uninstalled`), join(folder, `${id}.json`))
}

export async function removeReport(place: Place, id: string): Promise<void> {
  await rm(join(folderOf(place, 'reports'), `${id}.json`), { force: true })
}

export async function writeReport(place: Place, report: { install: string }): Promise<void> {
  await write(folderOf(place, 'reports'), `${report.install}.json`, report)
}

/** The last one; `undefined` where the install was never examined. */
export async function readReport(place: Place, id: string): Promise<Json | undefined> {
  return readJson(join(folderOf(place, 'reports'), `${id}.json`))
}

async function write(folder: string, name: string, content: object): Promise<void> {
  const draft = join(folder, `.${name}.${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, join(folder, name))
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be written.`], { cause })
  }
}

async function readJson(path: string): Promise<Json | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Json
  } catch {
    return undefined
  }
}

function folderOf({ dataDir }: Place, name: 'installs' | 'reports'): string {
  return join(dataDir, name)
}
