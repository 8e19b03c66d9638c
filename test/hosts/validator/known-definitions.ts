/** What HL7's validator needs to know of and nobody publishes as a package. */
import type { CodeSystem, StructureDefinition } from 'fhir/r4'

/**
 * The languages that we write in. Without any code system of this name the validator looks for a server of terminology, and
 * from then on takes every MIME type and every currency for an error.
 */
const languages: CodeSystem = {
  resourceType: 'CodeSystem',
  url: 'urn:ietf:bcp:47',
  version: '1',
  name: 'Languages',
  status: 'active',
  content: 'fragment',
  concept: ['en', 'en-IN', 'ar', 'hi'].map((code) => ({ code })),
}

/** Of servers that read it in a Subscription, each as its maker describes it in prose. */
function extension(url: string, type: 'string' | 'boolean', on: string): StructureDefinition {
  return {
    resourceType: 'StructureDefinition',
    url,
    name: url.slice(url.lastIndexOf('/') + 1).replaceAll('-', ''),
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'complex-type',
    abstract: false,
    context: [{ type: 'element', expression: on }],
    type: 'Extension',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Extension',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Extension', path: 'Extension', max: '1' },
        { id: 'Extension.extension', path: 'Extension.extension', max: '0' },
        { id: 'Extension.url', path: 'Extension.url', fixedUri: url },
        { id: 'Extension.value[x]', path: 'Extension.value[x]', min: 1, type: [{ code: type }] },
      ],
    },
  }
}

export const knownDefinitions = [
  languages,
  // https://www.medplum.com/docs/subscriptions
  extension('https://www.medplum.com/fhir/StructureDefinition/subscription-secret', 'string', 'Subscription'),
  // https://smilecdr.com/docs/subscription/delivering_delete_messages.html
  extension(
    'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages',
    'boolean',
    'Subscription.channel',
  ),
]
