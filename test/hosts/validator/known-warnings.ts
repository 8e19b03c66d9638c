/** Warnings of HL7's validator that we live with, each with its reason. An error is never in here. */

interface Warned {
  id: string
  at: string
  says: string
}

/** `id` is HL7's name for the kind; where `at` or `says` is given it must fit too. */
interface KnownWarning {
  id: string
  at?: RegExp
  says?: RegExp
  because: string
}

export const knownWarnings: KnownWarning[] = [
  {
    id: 'http://hl7.org/fhir/StructureDefinition/DomainResource#dom-6',
    because:
      'A narrative would repeat the message in a second place, where retention would have to find it again; definitions are told in the guide.',
  },
  {
    id: 'Terminology_TX_NoValid_2_CC',
    at: /^Consent\.category\[1\]$/,
    says: /CodeSystem\/consent-category#messaging\b/,
    because: 'Our own category, by which messaging consents are found, stands beside the LOINC code.',
  },
  {
    id: 'Terminology_TX_NoValid_2_CC',
    at: /^Consent\.policyRule$/,
    says: /v3-ActCode#OPT(IN|OUT)\b/,
    because: 'OPTIN and OPTOUT say what is meant; R4 only lists samples of policies that regulators wrote.',
  },
  {
    id: 'Terminology_TX_Confirm_5',
    at: /^Consent\.provision\.class\[0\]$/,
    says: /resource-types#Communication\b/,
    because:
      'The value set holds every resource type; offline its other part, the document formats of IHE, is missing.',
  },
  {
    id: 'Type_Specific_Checks_DT_URL_Resolve',
    at: /^Consent\.policy\[0\]\.uri$/,
    says: /https:\/\/qasid\.dev\/fhir\/policy\//,
    because: 'The wording that a patient agreed to is a page, not a FHIR resource.',
  },
  {
    id: 'Type_Specific_Checks_DT_URL_Resolve',
    at: /^Subscription\.channel\.endpoint$/,
    says: /\/notify\//,
    because: 'Where the host calls us is an address, not a FHIR resource.',
  },
  {
    id: 'http://hl7.org/fhir/StructureDefinition/ActivityDefinition#adf-0',
    because: 'A template has the name by which the rules of the settings call it, hyphens and all.',
  },
  {
    id: 'TYPE_SPECIFIC_CHECKS_DT_CANONICAL_MULTIPLE_POSSIBLE_VERSIONS',
    because: 'R4 has it and HL7 Terminology has it anew; a host may know either, so no version is named.',
  },
  {
    id: 'TYPE_SPECIFIC_CHECKS_DT_ATT_NO_CONTENT',
    at: /^Communication(Request)?\.payload\[0\]\.content\.ofType\(Attachment\)$/,
    because: 'What was said is gone; FHIR wants a payload that holds something, and this one says "masked".',
  },
  {
    id: 'Terminology_TX_NoValid_13',
    at: /^AuditEvent\.subtype\[1\]$/,
    says: /iso-21089-lifecycle#destroy\b/,
    because: 'R4 names no subtype for the removal of content; HL7 has the code for it in this other system.',
  },
]

/** Why this warning is known; `undefined` when it is not. */
export function because({ id, at, says }: Warned): string | undefined {
  return knownWarnings.find(
    (known) => known.id === id && (known.at?.test(at) ?? true) && (known.says?.test(says) ?? true),
  )?.because
}
