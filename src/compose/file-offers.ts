/**
 * The links at which companies fetch files of the chart: each says by itself, sealed, which file of which attempt it
 * opens and until when. Nothing of them is stored.
 */
import { z } from 'zod'
import type { Config } from '../config.ts'
import { after, instant, minute } from '../domain/time.ts'
import { openSentFile } from '../flows/open-file.ts'
import type { Clock, OfferFile, World } from '../flows/ports.ts'
import type { OpenMedia } from '../http/parts.ts'
import { deriveSecret, seal, unseal } from '../seal.ts'

/** Companies fetch at once, or a few times within a minute. */
const holdsFor = 10 * minute

const offered = z.object({
  install: z.string(),
  attemptId: z.string(),
  file: z.string(),
  /** Milliseconds. */
  expiresAt: z.number(),
})
type Offered = z.infer<typeof offered>

export interface FileOffers {
  offerFor(install: string): OfferFile
  /** `undefined` when it is none of ours, or was altered. */
  read(token: string): Offered | undefined
}

export function createFileOffers({ key, baseUrl }: Pick<Config, 'key' | 'baseUrl'>, now: Clock): FileOffers {
  const own = Buffer.from(deriveSecret(key, 'media'), 'base64url')
  return {
    offerFor: (install) => (offer) => {
      const sealed: Offered = { install, ...offer, expiresAt: after(now(), holdsFor) }
      return `${baseUrl}/media/${withoutPrefix(seal(own, JSON.stringify(sealed)))}`
    },
    read(token) {
      try {
        return offered.parse(JSON.parse(unseal(own, withPrefix(token))))
      } catch {
        return undefined
      }
    },
  }
}

/** What the route asks: the file behind a token, of the install that offered it. */
export function createOpenMedia(
  offers: FileOffers,
  worlds: Pick<World, 'install' | 'host' | 'store'>[],
  now: Clock,
): OpenMedia {
  return async (token) => {
    const offer = offers.read(token)
    if (!offer) return { kind: 'foreign' }
    const world = worlds.find(({ install }) => install === offer.install)
    if (!world || now() >= instant(offer.expiresAt)) return { kind: 'gone' }
    const file = await openSentFile(world, offer)
    return file ? { kind: 'file', file } : { kind: 'gone' }
  }
}

const prefix = 'sealed:'

function withoutPrefix(sealed: string): string {
  return sealed.slice(prefix.length)
}

function withPrefix(token: string): string {
  return prefix + token
}
