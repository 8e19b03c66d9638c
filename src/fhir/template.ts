/** ActivityDefinition ↔ Template. Every version is a resource of its own; a message pins `url|version`. */
import type { ActivityDefinition, Extension } from 'fhir/r4'
import { approvalStatuses, type TemplateApproval } from '../domain/approval.ts'
import { isChannel } from '../domain/channel.ts'
import { languages } from '../domain/language.ts'
import { messageCategories } from '../domain/message-request.ts'
import type { Template, TemplateContent } from '../domain/template.ts'
import { parseInstant, toIso } from '../domain/time.ts'
import { extension, naming, profile, system } from './codes.ts'
import { fromReplyOptions, toReplyOptions } from './communication-request.ts'
import { codesIn, concept, extensionOf, extensionsOf, present } from './concept.ts'

/** `undefined` when it is no message template. */
export function fromActivityDefinition(resource: ActivityDefinition): Template | undefined {
  const { url, version, name } = resource
  const codes = codesIn(resource.topic, system.messageCategory)
  const category = messageCategories.find((one) => codes.includes(one))
  if (resource.status !== 'active' || !url || !version || !name || !category) return undefined
  return {
    name,
    url,
    version,
    title: resource.title ?? name,
    category,
    contents: present(extensionsOf(resource, extension.templateContent).map(fromContent)),
    replyOptions: fromReplyOptions(resource.extension),
    ...approvalsOf(resource),
  }
}

function approvalsOf(resource: ActivityDefinition): Pick<Template, 'approvals'> {
  const approvals = present(extensionsOf(resource, extension.templateApproval).map(fromApproval))
  return approvals.length > 0 ? { approvals } : {}
}

function fromApproval(approval: Extension): TemplateApproval | undefined {
  const code = (name: string) => extensionOf(approval, name)?.valueCode
  const text = (name: string) => extensionOf(approval, name)?.valueString
  const language = languages.find((one) => one === code('language'))
  const status = approvalStatuses.find((one) => one === code('status'))
  const [sender, name] = [code('sender'), text('name')]
  const at = parseInstant(extensionOf(approval, 'at')?.valueDateTime)
  if (!language || !status || !sender || !name || at === undefined) return undefined
  const more = { id: text('id'), category: text('category'), because: text('because') }
  return { sender, name, language, status, at, ...more }
}

function toApproval({
  sender,
  name,
  language,
  id,
  status,
  category,
  because,
  at,
}: TemplateApproval): Extension {
  return {
    url: extension.templateApproval,
    extension: present<Extension>([
      { url: 'sender', valueCode: sender },
      { url: 'name', valueString: name },
      { url: 'language', valueCode: language },
      { url: 'status', valueCode: status },
      { url: 'at', valueDateTime: toIso(at) },
      id !== undefined && { url: 'id', valueString: id },
      category !== undefined && { url: 'category', valueString: category },
      because !== undefined && { url: 'because', valueString: because },
    ]),
  }
}

/** Its wordings stay as they are: a message pins them. */
export function withApprovals<R extends ActivityDefinition>(resource: R, approvals: TemplateApproval[]): R {
  const others = (resource.extension ?? []).filter(({ url }) => url !== extension.templateApproval)
  return { ...resource, extension: [...others, ...approvals.map(toApproval)] }
}

function fromContent(content: Extension): TemplateContent | undefined {
  const part = (name: string) => extensionOf(content, name)
  const channel = part('channel')?.valueCode
  const language = languages.find((one) => one === part('language')?.valueCode)
  const body = part('body')?.valueString
  if (!isChannel(channel) || !language || !body) return undefined
  const subject = part('subject')?.valueString
  return { channel, language, body, ...(subject && { subject }) }
}

export function toActivityDefinition(template: Template): ActivityDefinition {
  return {
    resourceType: 'ActivityDefinition',
    meta: { profile: [profile.messageTemplate] },
    extension: present([
      ...template.contents.map(toContent),
      toReplyOptions(template.replyOptions),
      ...(template.approvals ?? []).map(toApproval),
    ]),
    url: template.url,
    identifier: [templateIdentifier(template)],
    version: template.version,
    name: template.name,
    title: template.title,
    status: 'active',
    topic: [concept(system.messageCategory, template.category)],
    kind: 'CommunicationRequest',
  }
}

function toContent(content: TemplateContent): Extension {
  return {
    url: extension.templateContent,
    extension: present<Extension>([
      { url: 'channel', valueCode: content.channel },
      { url: 'language', valueCode: content.language },
      { url: 'body', valueString: content.body },
      content.subject !== undefined && { url: 'subject', valueString: content.subject },
    ]),
  }
}

/** One resource per name and version, however often it is installed. */
export function templateIdentifier(template: Pick<Template, 'name' | 'version'>): {
  system: string
  value: string
} {
  return { system: naming.template, value: `${template.name}-${template.version}` }
}

/** `url|version` → its parts; the version is absent where any will do. */
export function splitCanonical(canonical: string): { url: string; version?: string } {
  const [url = '', version] = canonical.split('|')
  return { url, version }
}
