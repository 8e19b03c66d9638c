/**
 * Writes the guide, `docs/profiles`, from `generated/`. `--check` writes nothing: it compares, names what is stale, and
 * exits 1.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeGuide } from './guide/write-guide.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'profiles')
mkdirSync(folder, { recursive: true })

const written = writeGuide()
const committed = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const names = [...new Set([...written.keys(), ...committed.keys()])].sort()
const stale = names.filter((name) => written.get(name) !== committed.get(name))

if (!process.argv.includes('--check')) {
  for (const name of stale) {
    const text = written.get(name)
    if (text === undefined) rmSync(join(folder, name))
    else writeFileSync(join(folder, name), text)
  }
  console.log(`${written.size} pages, ${stale.length} changed.`)
} else if (stale.length > 0) {
  console.error(`Stale in docs/profiles: ${stale.join(', ')}. Run: npm run profiles:docs`)
  process.exitCode = 1
} else {
  console.log(`${written.size} pages, all fresh.`)
}
