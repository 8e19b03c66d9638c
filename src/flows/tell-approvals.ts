/**
 * tell-approvals: what could be sent by WhatsApp at any time, and who has still to approve what cannot.
 * in: the templates, and what companies said of them · decides: nothing · out: sentences
 */
import type { Language } from '../domain/language.ts'
import type { Template } from '../domain/template.ts'
import type { Sender, World } from './ports.ts'

/** Follows the sentence that only a template may go now. `names` are those that have words for WhatsApp. */
export async function tellTemplates(world: World, names: string[], language: Language): Promise<string> {
  const found = await Promise.all(names.map((name) => world.clinic.templateByName(name)))
  const templates = found.filter((one) => one !== undefined)
  const senders = sendersIn(world)
  const ready = templates.filter((one) => senders.some((sender) => mayBegin(one, sender, language)))
  if (ready.length > 0) return ` Send a template instead: ${ready.map(({ name }) => name).join(', ')}.`
  if (templates.length === 0 || senders.length === 0) return ''
  return ` No template is approved for WhatsApp in the patient’s language yet.${tellWhere(templates, senders)}`
}

/** Follows the sentence that this template is not approved yet. */
export function tellApproval(world: World, template: Template): string {
  return tellWhere([template], sendersIn(world))
}

function sendersIn({ senders }: World): Sender[] {
  return senders.filter(({ channel }) => channel === 'whatsapp')
}

function mayBegin({ approvals = [] }: Template, { id, carries }: Sender, language: Language): boolean {
  const isApproved = approvals.some(
    (one) => one.sender === id && one.language === language && one.status === 'approved',
  )
  return carries.templates === 'none' || isApproved
}

function tellWhere(templates: Template[], senders: Sender[]): string {
  const [sender] = senders.filter(({ carries }) => carries.templates === 'approved')
  if (!sender) return ''
  const said = templates
    .flatMap(({ approvals = [] }) => approvals)
    .filter((approval) => approval.sender === sender.id)
  // Without an id the company has not even taken it.
  const isLeftToUs = !sender.desk || said.some(({ id, status }) => id === undefined && status === 'rejected')
  if (isLeftToUs)
    return ` Submit it in the console of ${sender.provider}, under the names that GET /api/templates lists.`
  const refused = said.some(({ status }) => status === 'rejected')
  return refused
    ? ` ${companyOf(sender)} refused it; GET /api/templates tells why.`
    : ` ${companyOf(sender)} has still to decide.`
}

function companyOf({ id }: Sender): string {
  return `The company of the sender ${id}`
}
