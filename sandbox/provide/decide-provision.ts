/**
 * Where Redis and Chromium come from, decided without touching the machine: what the environment names, then what is
 * on the PATH, then Debian's packages when root, then one sentence that says what to install.
 */

/** What was seen of the machine. `found` is the path of the first known program on the PATH. */
export interface Seen {
  named?: string
  found?: string
  root: boolean
  /** `apt-get` is there. */
  debian: boolean
}

export type Provision =
  | { kind: 'named'; value: string }
  | { kind: 'found'; path: string }
  | { kind: 'install'; packages: string[] }
  | { kind: 'refuse'; because: string }

export function decideRedis(seen: Seen): Provision {
  return decide(seen, ['redis-server'], {
    missing: 'Redis was not found',
    remedy: 'set REDIS_URL, or install redis-server (Debian: apt-get install redis-server)',
  })
}

export function decideChromium(seen: Seen): Provision {
  return decide(seen, ['chromium', 'fonts-noto-core'], {
    missing: 'Chromium was not found',
    remedy: 'set CHROME_PATH, or install it (Debian: apt-get install chromium fonts-noto-core)',
  })
}

function decide(seen: Seen, packages: string[], words: { missing: string; remedy: string }): Provision {
  if (seen.named) return { kind: 'named', value: seen.named }
  if (seen.found) return { kind: 'found', path: seen.found }
  if (seen.root && seen.debian) return { kind: 'install', packages }
  const why = seen.debian ? ' and this is not root' : ''
  return { kind: 'refuse', because: `${words.missing}${why}: ${words.remedy}.` }
}

export type FontProvision =
  | { kind: 'enough' }
  | { kind: 'install'; packages: string[] }
  | { kind: 'lacking'; because: string }

/** Screenshots of Arabic and Hindi without their fonts are rows of boxes; everything else works. */
export function decideFonts(seen: {
  arabic: boolean
  hindi: boolean
  root: boolean
  debian: boolean
}): FontProvision {
  if (seen.arabic && seen.hindi) return { kind: 'enough' }
  if (seen.root && seen.debian) return { kind: 'install', packages: ['fonts-noto-core'] }
  const lacking = [...(seen.arabic ? [] : ['Arabic']), ...(seen.hindi ? [] : ['Hindi'])].join(' and ')
  return {
    kind: 'lacking',
    because: `No font for ${lacking} was found: install one (Debian: apt-get install fonts-noto-core).`,
  }
}
