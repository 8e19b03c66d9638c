import type { Communication } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { createCarefully } from '../../src/emr/careful-create.ts'
import { toAttempt } from '../../src/fhir/attempt.ts'
import type { Emr, Identifier } from '../../src/flows/ports.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { createValidator } from '../fhir-validator.ts'
import { attempt } from '../people.ts'

const identifier = { system: 'https://qasid.dev/fhir/NamingSystem/claim', value: 'r1_0' }
const claim: Communication = {
  resourceType: 'Communication',
  status: 'preparation',
  identifier: [identifier],
}

/** A store that ignores conditions, and answers each question only after a while of its own. */
function unconditional(seed: number): Emr {
  const emr = createMemoryEmr()
  let drawn = seed
  const draw = () => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31
    return drawn % 4
  }
  const late = async <T>(work: () => Promise<T>) => {
    for (let turns = draw(); turns > 0; turns--) await new Promise(setImmediate)
    const answer = await work()
    for (let turns = draw(); turns > 0; turns--) await new Promise(setImmediate)
    return answer
  }
  return {
    ...emr,
    create: (resource) => late(() => emr.create(resource)),
    search: (type, parameters) => late(() => emr.search(type, parameters)),
  }
}

describe('a create on a store that knows no condition', () => {
  it('is won by one of five that begin together, whatever the order of their answers', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const emr = unconditional(seed)
      const ends = await Promise.allSettled(
        Array.from({ length: 5 }, () => createCarefully(emr, claim, identifier)),
      )
      const won = ends.flatMap((end) => (end.status === 'fulfilled' && end.value.created ? [end.value] : []))
      expect(won.length, `seed ${seed}`).toBeLessThanOrEqual(1)
      const left = await emr.search('Communication', {
        identifier: `${identifier.system}|${identifier.value}`,
      })
      expect(left.map(({ id }) => id)).toEqual(won.map(({ resource }) => resource.id))
    }
  })

  it('finds what was there before', async () => {
    const emr = unconditional(1)
    const { resource } = await createCarefully(emr, claim, identifier)
    expect(await createCarefully(emr, claim, identifier)).toMatchObject({
      created: false,
      resource: { id: resource.id },
    })
  })

  it('leaves nothing of an attempt that was taken back', async () => {
    const emr = createMemoryEmr({ validate: createValidator() })
    const claim = toAttempt(attempt({ reference: undefined, state: 'claimed', providerId: undefined }))
    const [identifier] = claim.identifier as [Identifier]
    const racing: Emr = {
      ...emr,
      // Another writes between our look and our write.
      create: async (resource) => {
        const made = await emr.create(resource)
        if (emr.all('Communication').length === 1) await emr.create(claim)
        return made
      },
    }
    const { created } = await createCarefully(racing, claim, identifier)
    const [mine, theirs] = emr.all('Communication')
    expect(created).toBe(false)
    expect(mine).toMatchObject({ status: 'entered-in-error' })
    expect([mine?.identifier, mine?.extension, mine?.payload]).toEqual([undefined, undefined, undefined])
    expect(theirs).toMatchObject({ status: 'preparation', identifier: [identifier] })
  })
})
