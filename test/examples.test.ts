/** The guide shows each state that a record of ours can be in, and says of each example what it is. */
import type { Coding, FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { readExampleWords } from '../fhir-profiles/guide/example-words.ts'
import { channels } from '../src/domain/channel.ts'
import { replyIntents } from '../src/domain/keywords.ts'
import { extension, profile, system } from '../src/fhir/codes.ts'
import { taskCodes } from '../src/fhir/task.ts'
import { attemptStates } from './fhir/any.ts'
import { readGenerated } from './validation/definitions.ts'

const examples = readGenerated().filter(({ meta }) => meta?.profile?.length)

/** Every value under a key, however deep: `code`, of a system where that is named. */
function valuesOf(resource: unknown, key: string, ofSystem?: string): unknown[] {
  if (typeof resource !== 'object' || resource === null) return []
  const own = (resource as Record<string, unknown>)[key]
  const fits = own !== undefined && (!ofSystem || (resource as Coding).system === ofSystem)
  return [...(fits ? [own] : []), ...Object.values(resource).flatMap((one) => valuesOf(one, key, ofSystem))]
}

function ofProfile(url: string): FhirResource[] {
  return examples.filter(({ meta }) => meta?.profile?.includes(url))
}

function shown(url: string, key: string, ofSystem?: string): unknown[] {
  return ofProfile(url).flatMap((one) => valuesOf(one, key, ofSystem))
}

describe('the examples', () => {
  it.each<[string, readonly unknown[], unknown[]]>([
    ['state of an attempt', attemptStates, shown(profile.attempt, 'valueCode')],
    [
      'status of an attempt',
      ['preparation', 'in-progress', 'completed', 'stopped', 'not-done', 'unknown'],
      shown(profile.attempt, 'status'),
    ],
    [
      'status of a request',
      ['draft', 'active', 'on-hold', 'completed', 'revoked', 'entered-in-error'],
      shown(profile.messageRequest, 'status'),
    ],
    ['status of a thread', ['in-progress', 'completed'], shown(profile.thread, 'status')],
    ['status of a patient’s message', ['in-progress', 'completed'], shown(profile.inbound, 'status')],
    ['type of consent', ['permit', 'deny'], shown(profile.messagingConsent, 'type')],
    ['status of a consent', ['active', 'inactive'], shown(profile.messagingConsent, 'status')],
    ['task', Object.keys(taskCodes), shown(profile.staffTask, 'code', system.task)],
    ['channel of a template', channels, shown(profile.messageTemplate, 'valueCode')],
    ['answer to a visit', ['accepted', 'declined'], shown(profile.visitAnswer, 'participantStatus')],
    [
      'event of an audit',
      ['transmit', 'receive', 'block', 'consent-change', 'redact'],
      shown(profile.audit, 'code', system.qasid),
    ],
  ])('show each %s', (_what, wanted, found) => {
    expect(wanted.filter((one) => !found.includes(one))).toEqual([])
  })

  it('show a request that was revoked for each kind of reason', () => {
    const revoked = ofProfile(profile.messageRequest).filter(
      (one) => 'status' in one && one.status === 'revoked',
    )
    const kinds = revoked.flatMap((one) => valuesOf(one, 'code', system.notSentReason))
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(9)
  })

  it('show what patients mean that changes something', () => {
    const found = shown(profile.inbound, 'code', system.replyIntent)
    expect(replyIntents.filter((one) => found.includes(one))).toEqual(
      expect.arrayContaining(['confirm', 'stop', 'unclear']),
    )
  })

  it('show records whose content was removed, of both directions and a request', () => {
    const redacted = examples.filter((one) => valuesOf(one, 'code').includes('REDACTED'))
    expect(redacted.flatMap(({ meta }) => meta?.profile ?? []).sort()).toEqual(
      [profile.attempt, profile.inbound, profile.messageRequest].sort(),
    )
  })

  it('use every extension', () => {
    const ours = Object.values(extension).filter((url) =>
      url.startsWith(system.qasid.split('/Code')[0] ?? ''),
    )
    const used = examples.flatMap((one) => valuesOf(one, 'url'))
    expect(ours.filter((url) => !used.includes(url))).toEqual([])
  })

  it('each have a title and a sentence', () => {
    const words = readExampleWords()
    expect(examples.map(({ id }) => id).filter((id) => !words.get(id ?? '')?.description)).toEqual([])
    expect(new Set([...words.values()].map(({ description }) => description)).size).toBe(examples.length)
  })
})
