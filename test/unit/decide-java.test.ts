import { describe, expect, it } from 'vitest'
import { decideJava, readJavaVersion } from '../hosts/java/decide-java.ts'

const bare = { javaVersion: 0, maven: false, root: false, debian: false }

describe('where Java and Maven come from', () => {
  it('is what the PATH holds, where it is new enough', () => {
    expect(decideJava({ ...bare, javaVersion: 17, maven: true })).toEqual({ kind: 'found' })
    expect(decideJava({ ...bare, javaVersion: 25, maven: true })).toEqual({ kind: 'found' })
  })

  it('is else Debian, for root, and only for what is lacking', () => {
    const root = { ...bare, root: true, debian: true }
    expect(decideJava(root)).toEqual({ kind: 'install', packages: ['default-jdk-headless', 'maven'] })
    expect(decideJava({ ...root, javaVersion: 21 })).toEqual({ kind: 'install', packages: ['maven'] })
    expect(decideJava({ ...root, javaVersion: 11, maven: true })).toEqual({
      kind: 'install',
      packages: ['default-jdk-headless'],
    })
  })

  it('is else a sentence that says what to do', () => {
    expect(decideJava(bare)).toEqual({
      kind: 'refuse',
      because:
        'a JDK of version 17 or newer and Maven cannot be found (Debian: apt-get install default-jdk-headless maven)',
    })
    expect(decideJava({ ...bare, javaVersion: 17, root: true })).toMatchObject({ kind: 'refuse' })
  })
})

describe('the version of Java', () => {
  it.each([
    ['javac 17.0.15\n', 17],
    ['javac 25\n', 25],
    ['javac 1.8.0_402\n', 1],
    ['not found', 0],
  ])('of %j is %d', (said, version) => expect(readJavaVersion(said)).toBe(version))
})
