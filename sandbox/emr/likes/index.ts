/** The hosts that the sandbox EMR can be like, by the name that `--like` takes. */
import { epic } from './epic.ts'
import { full } from './full.ts'
import { hapi } from './hapi.ts'
import type { Like } from './like.ts'
import { medplum } from './medplum.ts'
import { openemr } from './openemr.ts'
import { oracle } from './oracle.ts'

export const likes = { full, hapi, medplum, epic, oracle, openemr } satisfies Record<string, Like>

export type LikeName = keyof typeof likes

export const likeNames = Object.keys(likes) as LikeName[]

export function isLikeName(name: string): name is LikeName {
  return Object.hasOwn(likes, name)
}
