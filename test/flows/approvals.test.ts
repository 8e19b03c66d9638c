import { describe, expect, it } from 'vitest'
import type { TemplateState, TemplateSubmission } from '../../src/domain/approval.ts'
import { approvalForms } from '../../src/domain/approval-form.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { day, hour, minute } from '../../src/domain/time.ts'
import { fromActivityDefinition } from '../../src/fhir/template.ts'
import { seekApprovals } from '../../src/flows/seek-approvals.ts'
import { everything } from '../fakes/carrier.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, patient, permit, write } from './chart.ts'

const forms = standardTemplates.flatMap(approvalForms)

/** A company that has to approve, and decides as `decide` says when it is asked for its list. */
interface Desk {
  submitted: TemplateSubmission[]
  states: TemplateState[]
  decide(status: TemplateState['status'], because?: string): void
  away: boolean
}

async function clinic(...channels: ('whatsapp' | 'sms')[]): Promise<FakeWorld & { desk: Desk }> {
  const world = await createWorld()
  world.emr.put(patient())
  for (const channel of channels) world.emr.put(permit(channel))
  const desk: Desk = {
    submitted: [],
    states: [],
    away: false,
    decide(status, because) {
      for (const state of desk.states) Object.assign(state, { status, because })
    },
  }
  const sender = world.world.senders.find(({ channel }) => channel === 'whatsapp')
  Object.assign(sender ?? {}, {
    carries: { ...everything, templates: 'approved' },
    desk: {
      async submit(template: TemplateSubmission) {
        const id = `T${desk.submitted.push(template)}`
        desk.states.push({ id, name: template.name, language: template.language, status: 'pending' })
        return { kind: 'submitted', id, status: 'pending' }
      },
      list: async () =>
        desk.away
          ? { kind: 'unreachable', code: 'ECONNREFUSED' }
          : { kind: 'templates', templates: desk.states },
    },
  })
  return { ...world, desk }
}

function approvals({ emr }: FakeWorld) {
  return emr
    .all('ActivityDefinition')
    .flatMap((resource) => fromActivityDefinition(resource)?.approvals ?? [])
}

describe('approvals', () => {
  it('are sought once for each form of what begins a conversation', async () => {
    const world = await clinic('whatsapp')
    await seekApprovals(world.world)
    await seekApprovals(world.world)
    expect(world.desk.submitted).toHaveLength(forms.length)
    expect(approvals(world).map(({ status }) => status)).toEqual(forms.map(() => 'pending'))
  })

  it('are read back with the company’s reason, and asked for again after a submission', async () => {
    const world = await clinic('whatsapp')
    await seekApprovals(world.world)
    world.desk.decide('rejected', 'INCORRECT_CATEGORY')
    await world.pass(minute)
    expect(approvals(world)).toContainEqual(
      expect.objectContaining({ status: 'rejected', because: 'INCORRECT_CATEGORY', sender: 'whatsapp' }),
    )
    expect(world.logged).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining('a template was rejected') }),
    )
  })

  it('cost no write while nothing changes', async () => {
    const world = await clinic('whatsapp')
    await seekApprovals(world.world)
    await world.pass(minute)
    const { writes } = world.emr
    await seekApprovals(world.world)
    expect(world.emr.writes).toBe(writes)
  })

  it('turn the clock’s health red when a company cannot be asked, and stay as they are', async () => {
    const world = await clinic('whatsapp')
    await seekApprovals(world.world)
    world.desk.away = true
    await expect(seekApprovals(world.world)).rejects.toThrow('whatsapp ECONNREFUSED')
    expect(approvals(world)).toHaveLength(forms.length)
  })
})

describe('a reminder by WhatsApp, where wordings must be approved', () => {
  async function approved(): Promise<FakeWorld & { desk: Desk }> {
    const world = await clinic('whatsapp')
    await seekApprovals(world.world)
    world.desk.decide('approved')
    await world.pass(minute)
    return world
  }

  it('goes out as the approved template outside the window, and the chart holds what the patient reads', async () => {
    const world = await approved()
    await book(world, 24 * hour)
    const [carried] = world.carrier.ledger
    expect(carried?.content).toMatchObject({
      ...{ kind: 'template', template: { name: 'visit_reminder_1_brief', language: 'ar' } },
    })
    const [attempt] = attempts(world)
    expect(attempt?.text).toContain('Sara')
    expect(attempt?.text).not.toContain('{{')
  })

  it('goes out in our own words within the window', async () => {
    const world = await approved()
    await write(world, 'hello', { channel: 'whatsapp' })
    await book(world, 24 * hour)
    expect(world.carrier.ledger.at(-1)?.content).toMatchObject({ kind: 'text' })
  })

  it('goes out as the template within the window where that is cheaper', async () => {
    const world = await approved()
    const rates = [
      { market: '*', category: 'utility', rate: '0.01', per: 'message' },
      { market: '*', category: 'service', rate: '0.02', per: 'message' },
    ] as const
    const card = { provider: 'sandbox', currency: 'XTS', effectiveFrom: '2026-01-01', rates: [...rates] }
    world.world.rateCards.push(card)
    await write(world, 'hello', { channel: 'whatsapp' })
    await book(world, 24 * hour)
    expect(world.carrier.ledger.at(-1)?.content).toMatchObject({ kind: 'template' })
  })

  it('takes the next channel while it is not approved', async () => {
    const world = await clinic('whatsapp', 'sms')
    await seekApprovals(world.world)
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'sms' }])
  })

  it('says why where there is no other channel', async () => {
    const world = await clinic('whatsapp')
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toEqual([])
    expect(attempts(world)).toContainEqual(
      expect.objectContaining({ state: 'not-sent', reason: 'template-not-approved' }),
    )
  })

  it('may be in our own words once more when the patient writes, but not a day later', async () => {
    const world = await clinic('whatsapp')
    await write(world, 'hello', { channel: 'whatsapp' })
    await world.pass(day)
    await book(world, 24 * hour)
    expect(attempts(world)).toContainEqual(
      expect.objectContaining({ state: 'not-sent', reason: 'template-not-approved' }),
    )
  })
})
