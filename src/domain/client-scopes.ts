/** Which scopes are asked of a server: a scope of something that it does not have is a reason to refuse them all. */
import type { ServerStatement } from './server-facts.ts'

/** Of those that name a resource type, the ones whose type the server has. */
export function scopesOf({ resources }: Pick<ServerStatement, 'resources'>, scopes: string[]): string[] {
  return scopes.filter((scope) => {
    const type = /^(?:patient|user|system)\/([A-Za-z]+)\./.exec(scope)?.[1]
    return type === undefined || resources.has(type)
  })
}

/** Asked for and not granted; a granted scope may say more, or the same in another order. */
export function scopesRefused(asked: string[], granted: string[] | undefined): string[] {
  if (!granted) return []
  return asked.filter((scope) => {
    const [, whose, may] = /^(.+)\.([a-z*]+)(?:\?.*)?$/.exec(scope) ?? []
    if (whose === undefined || may === undefined) return !granted.includes(scope)
    return !granted.some((one) => covers(one, whose, may))
  })
}

function covers(granted: string, whose: string, may: string): boolean {
  const [, its = '', letters = ''] = /^(.+)\.([a-z*]+)(?:\?.*)?$/.exec(granted) ?? []
  const [level] = whose.split('/')
  if (its !== whose && its !== `${level}/*`) return false
  return letters === '*' || letters === may || [...may].every((letter) => letters.includes(letter))
}
