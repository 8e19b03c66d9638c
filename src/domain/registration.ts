/** The ways in which hosts make a client known; each is one file under `emr/registration`. */
export const dialects = [
  /** Dynamic registration, https://www.rfc-editor.org/rfc/rfc7591. */
  'rfc7591',
  /** RFC 7591 with words of its own. */
  'openemr',
  /** ClientApplication and AccessPolicy, written as resources. */
  'medplum',
  /** Client and AccessPolicy, written as resources. */
  'aidbox',
  /** Typed into the vendor's form by hand. */
  'epic',
  'oracle',
  'athena',
  /** A server that asks nobody who they are. */
  'open',
] as const
export type Dialect = (typeof dialects)[number]
