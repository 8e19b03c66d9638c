/** The sources as text, for tests of the structure: paths from the repository's root, comments taken out of `code`. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Import {
  /** A path from the root, or a package with what is imported of it: `libphonenumber-js/max`. */
  to: string
  isPackage: boolean
  /** Gone when the code runs. */
  typeOnly: boolean
}

export interface SourceFile {
  path: string
  text: string
  /** Without comments. */
  code: string
  imports: Import[]
}

export function readSources(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/') && !path.includes('/dist/'))
    .sort()
    .map(readSource)
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const code = withoutComments(text)
  return { path, text, code, imports: importsOf(path, code) }
}

/** Comments begin a line, or follow code after a space; so no address in a string is taken for one. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/\s.*$/gm, '$1')
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(?<type>type\s+)?(?:(?<names>[\w*{}\s,$]+?)\s+from\s+)?['"](?<from>[^'"\n]+)['"]|\bimport\(\s*['"](?<late>[^'"\n]+)['"]/g

export function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(statement)].map(({ groups = {} }) => {
    const from = groups.from ?? groups.late ?? ''
    const isPackage = !from.startsWith('.')
    return {
      to: isPackage ? from : join(dirname(path), from),
      isPackage,
      typeOnly: groups.type !== undefined || namesOnlyTypes(groups.names),
    }
  })
}

function namesOnlyTypes(names: string | undefined): boolean {
  const list = /^\{([^}]*)\}$/.exec(names?.trim() ?? '')?.[1]
  if (!list) return false
  return list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith('type '))
}
