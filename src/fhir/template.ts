/** ActivityDefinition ↔ Template. Every version is a resource of its own; a message pins `url|version`. */
import type { ActivityDefinition, Extension } from 'fhir/r4'
import { isChannel } from '../domain/channel.ts'
import { languages } from '../domain/language.ts'
import { messageCategories } from '../domain/message-request.ts'
import type { Template, TemplateContent } from '../domain/template.ts'
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
  }
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
    extension: present([...template.contents.map(toContent), toReplyOptions(template.replyOptions)]),
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
