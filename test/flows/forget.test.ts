import { describe, expect, it } from 'vitest'
import { day, second } from '../../src/domain/time.ts'
import { fromConsent } from '../../src/fhir/consent.ts'
import { findToForget, forgetPatient } from '../../src/flows/forget-patient.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { retain } from '../../src/flows/retain.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, notify, patient, phone, write } from './chart.ts'
import { requestsIn } from './ordering.ts'
import { addBrother, clinicWithWords, found, heldIn, said } from './said.ts'

const sara = 'Patient/sara'
const everything = [...Object.values(said), phone]

function ends(world: FakeWorld) {
  return requestsIn(world).map(({ status, reason }) => [status, reason])
}

describe('a patient who asks that all is deleted', () => {
  it('has it deleted at once: in the store, in older versions, at the provider', async () => {
    const world = await clinicWithWords()
    expect(found(world)).toEqual(everything)
    const { removals, underWay } = await forgetPatient(world.world, sara)
    expect([found(world), underWay]).toEqual([[], []])
    expect([...world.carrier.forgotten].sort()).toEqual([expect.stringMatching(/^IN/), 'SB1', 'SB2'])
    expect(removals.filter(({ atCompany }) => atCompany === 'redacted')).toHaveLength(3)
  })

  it('is not reminded of what was planned: it is withdrawn, and planning again does not bring it back', async () => {
    const world = await clinicWithWords()
    const sent = world.carrier.ledger.length
    const { pending } = await forgetPatient(world.world, sara)
    expect(pending).toBe(1)
    expect(ends(world).at(-1)).toEqual(['revoked', 'withdrawn'])
    await notify(world)
    await world.pass(3 * day)
    expect(world.carrier.ledger).toHaveLength(sent)
  })

  it('keeps a consent and a STOP: whoever is forgotten is not written to again', async () => {
    const world = await clinicWithWords()
    await write(world, 'STOP')
    await forgetPatient(world.world, sara)
    const consents = world.emr.all('Consent').flatMap((one) => fromConsent(one) ?? [])
    expect(consents.find(({ active, byStop }) => active && byStop)).toMatchObject({
      type: 'deny',
      address: phone,
    })
  })

  it('is told of in an AuditEvent with references only', async () => {
    const world = await clinicWithWords()
    const { removals } = await forgetPatient(world.world, sara)
    const [event] = world.emr.all('AuditEvent').filter(({ action }) => action === 'D')
    expect(event?.subtype).toMatchObject([{ code: 'redact' }, { code: 'destroy' }])
    const entities = event?.entity?.map(({ what }) => what?.reference)
    expect(entities).toEqual([sara, ...removals.map(({ reference }) => reference)])
  })

  it('takes no word from another who shares the phone', async () => {
    const world = await clinicWithWords()
    await addBrother(world)
    const theirs = attempts(world).filter((one) => one.patient === 'Patient/omar')
    await forgetPatient(world.world, sara)
    expect(attempts(world).filter((one) => one.patient === 'Patient/omar')).toEqual(theirs)
    expect(theirs).toMatchObject([{ text: 'Omar, your results are here.', to: phone }])
    expect(world.carrier.forgotten.has(theirs[0]?.providerId?.value ?? '')).toBe(false)
  })

  it('takes no word of which nobody knows whose it is', async () => {
    const world = await clinicWithWords()
    world.emr.put(patient({ id: 'omar' }))
    // By then she is asked nothing any more.
    await world.pass(8 * day)
    await write(world, 'Who is this?')
    await forgetPatient(world.world, sara)
    expect(heldIn(world)).toContain('Who is this?')
  })

  it('may ask again: there is nothing left to do', async () => {
    const world = await clinicWithWords()
    await forgetPatient(world.world, sara)
    const { writes } = world.emr
    expect((await forgetPatient(world.world, sara)).removals).toEqual([])
    expect(world.emr.writes).toBe(writes)
  })

  it('is only counted in a dry run', async () => {
    const world = await clinicWithWords()
    const { writes } = world.emr
    const { requests, messages, pending, underWay } = await findToForget(world.world, sara)
    expect([requests.length, messages.length, pending, underWay]).toEqual([4, 5, 1, []])
    expect([world.emr.writes, found(world)]).toEqual([writes, everything])
  })
})

describe('what is in somebody’s hands', () => {
  it('while it is being sent is left alone, said so, and goes the next time', async () => {
    const world = await clinicWithWords()
    world.carrier.next('dies')
    await addBrother(world)
    const omar = 'Patient/omar'
    const { underWay, removals } = await forgetPatient(world.world, omar)
    expect([underWay.length, removals.length]).toEqual([1, 1])
    expect(heldIn(world)).toContain('Omar, your results are here.')
    // Found dead, it is nobody's any more.
    await world.pass(300 * second)
    expect((await forgetPatient(world.world, omar)).underWay).toEqual([])
    expect(heldIn(world)).not.toContain('Omar, your results are here.')
  })

  it('of nobody, because it waits for another try, is given up and emptied', async () => {
    const world = await clinicWithWords()
    world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await addBrother(world)
    const sent = world.carrier.ledger.length
    await forgetPatient(world.world, 'Patient/omar')
    expect(heldIn(world)).not.toContain('Omar, your results are here.')
    await world.pass(600 * second)
    expect(world.carrier.ledger).toHaveLength(sent)
    expect(attempts(world).at(-1)).toMatchObject({ state: 'failed', redacted: true })
  })
})

describe('a run that is cut off', () => {
  it.each([1, 2, 3, 5, 8, 13])('at save %i says so, and the next one does the rest', async (at) => {
    const world = await clinicWithWords()
    const { save } = world.world.store
    let saves = 0
    world.world.store.save = (resource) => {
      saves += 1
      return saves >= at ? Promise.reject(new EmrError('away', { status: 503 })) : save(resource)
    }
    await expect(forgetPatient(world.world, sara)).rejects.toThrow('away')
    world.world.store.save = save
    await forgetPatient(world.world, sara)
    expect(found(world)).toEqual([])
    expect(JSON.stringify(world.emr.all('Communication'))).not.toContain('copy-left')
  })

  it('at the provider’s is finished by the clock, also where the clinic keeps all for ever', async () => {
    const world = await clinicWithWords()
    const { settings } = world.world.clinic
    world.world.clinic.settings = async () => ({
      ...(await settings()),
      retention: { contentFor: 'forever' },
    })
    world.carrier.forgets = { kind: 'later', code: 'http-503' }
    await forgetPatient(world.world, sara)
    world.carrier.forgets = { kind: 'redacted' }
    await retain(world.world)
    expect(world.carrier.forgotten.size).toBe(3)
  })
})
