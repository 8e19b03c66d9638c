/** The scopes that the plugin's own manifest asks for, as an install file names them. */
import { readFile } from 'node:fs/promises'

/** What the plugin's own manifest asks for. */
export async function readAskedScopes(): Promise<{ app: string; service: string }> {
  interface Asked {
    scopes: { v2: string[] }
    optionalScopes?: { v2: string[] }
  }
  const file = new URL('../../plugin.manifest.json', import.meta.url)
  const { smart } = JSON.parse(await readFile(file, 'utf8')) as {
    smart: { apps: Asked[]; services: Asked[] }
  }
  const join = (asked?: Asked) =>
    [...(asked?.scopes.v2 ?? []), ...(asked?.optionalScopes?.v2 ?? [])].join(' ')
  return { app: smart.apps[0]?.scopes.v2.join(' ') ?? '', service: join(smart.services[0]) }
}
