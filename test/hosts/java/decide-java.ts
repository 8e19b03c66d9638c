/**
 * Where Java and Maven come from, decided without touching the machine: what is on the PATH, then Debian's packages when
 * root, then one sentence that says what to install.
 */

export interface SeenOfJava {
  /** Of `javac -version`; 0 where there is none. */
  javaVersion: number
  maven: boolean
  root: boolean
  /** `apt-get` is there. */
  debian: boolean
}

export type JavaProvision =
  | { kind: 'found' }
  | { kind: 'install'; packages: string[] }
  | { kind: 'refuse'; because: string }

/** HAPI FHIR 8 is compiled for it. */
const oldestJava = 17

export function decideJava({ javaVersion, maven, root, debian }: SeenOfJava): JavaProvision {
  const java = javaVersion >= oldestJava
  if (java && maven) return { kind: 'found' }
  const packages = [...(java ? [] : ['default-jdk-headless']), ...(maven ? [] : ['maven'])]
  if (root && debian) return { kind: 'install', packages }
  const lacking = [...(java ? [] : [`a JDK of version ${oldestJava} or newer`]), ...(maven ? [] : ['Maven'])]
  return {
    kind: 'refuse',
    because: `${lacking.join(' and ')} cannot be found (Debian: apt-get install ${packages.join(' ')})`,
  }
}

/** `javac 17.0.15` → 17; 0 for anything else. */
export function readJavaVersion(said: string): number {
  return Number(/^javac (\d+)\b/m.exec(said)?.[1] ?? 0)
}
