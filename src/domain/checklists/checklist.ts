/** What an administrator types into a vendor's form, filled in, as Markdown. */
import type { ClientWishes } from '../client-metadata.ts'

export interface ChecklistFacts {
  wishes: ClientWishes
  fhirBase: string
  /** The command that goes on once the client ids are there. */
  next: string
}

export type Checklist = (facts: ChecklistFacts) => string

export function heading(title: string, { fhirBase }: ChecklistFacts): string {
  return `# ${title}\n\nHost: ${fhirBase}\n`
}

export function steps(title: string, lines: string[]): string {
  return `\n## ${title}\n\n${lines.map((line) => `- [ ] ${line}`).join('\n')}\n`
}

export function codes(values: string[]): string {
  return values.map((value) => `\`${value}\``).join(' ')
}

export function ending({ next }: ChecklistFacts): string {
  return `\n## Then\n\n\`\`\`sh\n${next}\n\`\`\`\n\nNothing was changed at the host or here until then.\n`
}
