/**
 * seek-approvals: hourly, at the start, and when a company says that something changed.
 * in: the templates, and what each company says of those it knows · decides: `approvalForms` · out: wordings submitted; on
 * each template what became of them
 */
import type { TemplateApproval, TemplateState } from '../domain/approval.ts'
import { type ApprovalForm, approvalForms, toSubmission } from '../domain/approval-form.ts'
import type { Template } from '../domain/template.ts'
import { after, second } from '../domain/time.ts'
import { referenceTo } from '../fhir/reference.ts'
import { fromActivityDefinition, withApprovals } from '../fhir/template.ts'
import { amend } from './amend.ts'
import { EmrError, type Sender, type World } from './ports.ts'

/** Throws when a company could not be asked, so that the clock shows it; what others said is kept. */
export async function seekApprovals(world: World): Promise<void> {
  const silent: string[] = []
  let submitted = 0
  for (const sender of world.senders) {
    const known = await sender.desk?.list()
    if (known?.kind === 'unreachable') silent.push(`${sender.id} ${known.code}`)
    if (known?.kind === 'templates') submitted += await seekFrom(world, sender, known.templates)
  }
  world.clinic.forgetTemplates()
  // Some are decided at once.
  if (submitted > 0)
    await world.jobs.add({ kind: 'approvals' }, { notBefore: after(world.now(), 5 * second) })
  if (silent.length > 0) throw new EmrError(`template approvals could not be asked for: ${silent.join(', ')}`)
}

/** How many were submitted just now. */
async function seekFrom(world: World, sender: Sender, known: TemplateState[]): Promise<number> {
  let submitted = 0
  for (const resource of await world.store.search('ActivityDefinition', { status: 'active' })) {
    const template = fromActivityDefinition(resource)
    const forms = template ? approvalForms(template) : []
    if (!template || forms.length === 0) continue
    const found: TemplateApproval[] = []
    for (const form of forms) {
      const state = known.find((one) => one.name === form.name && one.language === form.language)
      const approval = await approvalOf(world, sender, { template, form, state })
      if (!state && approval.id !== undefined && approval.status !== 'rejected') submitted += 1
      found.push(approval)
    }
    await keep(world, referenceTo(resource), sender, found)
  }
  return submitted
}

function heldFor({ approvals = [] }: Template, { id }: Sender, { name, language }: ApprovalForm) {
  return approvals.find((one) => one.sender === id && one.name === name && one.language === language)
}

async function approvalOf(
  world: World,
  sender: Sender,
  { template, form, state }: { template: Template; form: ApprovalForm; state?: TemplateState },
): Promise<TemplateApproval> {
  const { name, language } = form
  const held = heldFor(template, sender, form)
  const base = { sender: sender.id, name, language, at: world.now() }
  if (state) {
    const { id, status, category, because } = state
    if (status === 'rejected' && held?.status !== 'rejected')
      world.log.warn('a template was rejected; the template says why', {
        code: `${sender.id} ${name} ${language}`,
      })
    return { ...base, id, status, category, because, ...(isSame(held, state) && held && { at: held.at }) }
  }
  // The company did not even take it, so it is in no list: asking again would hear the same.
  if (held?.status === 'rejected') return held
  const answer = await sender.desk?.submit(toSubmission(form))
  if (answer?.kind === 'submitted') return { ...base, id: answer.id, status: answer.status }
  if (answer?.kind !== 'refused') return held ?? { ...base, status: 'pending' }
  world.log.warn('a template was refused', { code: `${sender.id} ${name} ${language} ${answer.code}` })
  return { ...base, status: 'rejected', because: answer.code }
}

/** The company says of it what it said before. */
function isSame(
  held: TemplateApproval | undefined,
  { id, status, category, because }: Pick<TemplateApproval, 'id' | 'status' | 'category' | 'because'>,
): boolean {
  if (!held) return false
  return held.id === id && held.status === status && held.category === category && held.because === because
}

async function keep(
  world: World,
  reference: string,
  sender: Sender,
  found: TemplateApproval[],
): Promise<void> {
  await amend(world.store, 'ActivityDefinition', reference, (resource) => {
    const held = fromActivityDefinition(resource)?.approvals ?? []
    const own = held.filter((one) => one.sender === sender.id)
    if (own.length === found.length && own.every((one, index) => isEqual(one, found[index]))) return undefined
    return withApprovals(resource, [...held.filter((one) => one.sender !== sender.id), ...found])
  })
}

function isEqual(one: TemplateApproval, other: TemplateApproval | undefined): boolean {
  return one.name === other?.name && one.language === other.language && isSame(one, other)
}
