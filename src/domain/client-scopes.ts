/**
 * Which scopes are asked of a server. A scope of something that it does not have is a reason to refuse them all, and a
 * right to what is kept elsewhere is one too many.
 */
import type { InstallKind, ManifestNeed } from './capability-report.ts'
import type { ServerStatement } from './server-facts.ts'

/** What of an install stands at the server that is asked. */
export interface ScopePlace {
  /** `host`: the EMR; `store`: the server beside it that keeps our records. */
  role: 'host' | 'store'
  /** What the install is to become. */
  kind: InstallKind
  needs: Pick<ManifestNeed, 'type' | 'ifMissing'>[]
  statement: Pick<ServerStatement, 'resources'>
}

/** Of those that name a resource type, the ones whose type the server has, narrowed to what stands there. */
export function scopesFor(scopes: string[], place: ScopePlace): string[] {
  const { resources } = place.statement
  return scopes.flatMap((scope) => {
    const [, level = '', type = ''] = /^(patient|user|system)\/([A-Za-z]+)\./.exec(scope) ?? []
    if (!type) return [scope]
    const offered = resources.get(type)?.interactions
    if (!offered) return []
    return narrowed(scope, level, type, place).flatMap((one) => asOffered(one, offered))
  })
}

const words: Record<string, string[]> = {
  ...{ c: ['create'], r: ['read'], u: ['update', 'patch'], d: ['delete'], s: ['search-type'] },
  ...{ read: ['read', 'search-type'], write: ['create', 'update', 'patch', 'delete'] },
}

/** Without what the server does for nobody. One that names no interaction at all does not say. */
function asOffered(scope: string, offered: string[]): string[] {
  const [, whose = '', may = ''] = /^(.+)\.([a-z]+)$/.exec(scope) ?? []
  if (offered.length === 0) return [scope]
  const isOffered = (word: string) => words[word]?.some((one) => offered.includes(one)) ?? false
  if (may in words && may.length > 1) return isOffered(may) ? [scope] : []
  const letters = [...may].filter(isOffered).join('')
  return letters ? [`${whose}.${letters}`] : []
}

function narrowed(scope: string, level: string, type: string, { role, kind, needs }: ScopePlace): string[] {
  const isOurs = needs.some((need) => need.type === type && need.ifMissing === 'local-store')
  if (role === 'store') return isOurs || type === 'Binary' ? [scope] : answersIn(scope, type)
  if (kind === 'full') return [scope]
  // The EMR's own consents are obeyed beside ours, and its files are sent.
  if (type === 'Consent' || type === 'Binary') return toRead(scope)
  if (!isOurs) return [scope]
  // What was said is told to the chart by the worker, and by nobody else.
  return kind === 'mixed' && type === 'Communication' && level === 'system' ? [scope] : []
}

/** Answers to visits stand in the store where the host takes none, and are read back. */
function answersIn(scope: string, type: string): string[] {
  if (type !== 'AppointmentResponse') return []
  return [scope.replace(/\.c?s?$/, '.crs')]
}

function toRead(scope: string): string[] {
  const [, whose = '', may = ''] = /^(.+)\.([a-z]+)$/.exec(scope) ?? []
  if (may === 'read' || may === 'write') return may === 'read' ? [scope] : []
  const letters = [...may].filter((letter) => letter === 'r' || letter === 's').join('')
  return letters ? [`${whose}.${letters}`] : []
}

/** Asked for and not granted; a granted scope may say more, or the same in another order. */
export function scopesRefused(asked: string[], granted: string[]): string[] {
  return asked.filter((scope) => {
    const [, whose, may] = /^(.+)\.([a-z*]+)(?:\?.*)?$/.exec(scope) ?? []
    if (whose === undefined || may === undefined) return !granted.includes(scope)
    return !isCovered(granted, whose, may)
  })
}

/** Without reading the chart, and keeping our records where they stand, there is no install; all else only makes it better. */
export function sortRefused(
  asked: string[],
  granted: string[],
  { role, kind, needs }: Omit<ScopePlace, 'statement'>,
): { needed: string[]; useful: string[] } {
  const keepsRecords = role === 'store' || kind === 'full'
  const isNeeded = (scope: string) => {
    const [, type, may = ''] = /^system\/([A-Za-z]+)\.([a-z]+)/.exec(scope) ?? []
    const need = needs.find((one) => one.type === type)
    if (need?.ifMissing === 'refuse-install') return may === 'read' || /[rs]/.test(may)
    // A scope of its own for removing or changing is for tidying up.
    return keepsRecords && need?.ifMissing === 'local-store' && may !== 'd' && may !== 'u'
  }
  const refused = scopesRefused(asked, granted)
  return { needed: refused.filter(isNeeded), useful: refused.filter((one) => !isNeeded(one)) }
}

/** Whether the worker may do this there; where a server does not say what it granted, only trying tells. */
export function mayWorker(granted: string[] | undefined, interaction: 'c' | 'd', type: string): boolean {
  if (!granted) return true
  return isCovered(granted, `system/${type}`, interaction) || isCovered(granted, `system/${type}`, 'write')
}

/** In letters, several scopes may have it together. */
function isCovered(granted: string[], whose: string, may: string): boolean {
  const [level] = whose.split('/')
  const given = granted.flatMap((one) => {
    const [, its = '', letters = ''] = /^(.+)\.([a-z*]+)(?:\?.*)?$/.exec(one) ?? []
    return its === whose || its === `${level}/*` ? [letters] : []
  })
  if (given.some((letters) => letters === '*' || letters === may)) return true
  const isWord = (text: string) => text === 'read' || text === 'write'
  const letters = given.filter((one) => !isWord(one)).join('')
  return !isWord(may) && [...may].every((letter) => letters.includes(letter))
}
