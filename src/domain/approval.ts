/** Wordings that a company must approve before they may be sent at any time: what is submitted, and what it said. */

import type { Language } from './language.ts'
import type { Instant } from './time.ts'

export const approvalStatuses = ['pending', 'approved', 'rejected', 'paused', 'disabled'] as const
export type ApprovalStatus = (typeof approvalStatuses)[number]

/** What a company said of one wording of ours, in one account of ours. */
export interface TemplateApproval {
  /** Our sender's id. */
  sender: string
  /** As it was submitted. */
  name: string
  language: Language
  /** The company's own; absent when it did not even take it. */
  id?: string
  status: ApprovalStatus
  /** `UTILITY`, `MARKETING` …, as the company sees it. */
  category?: string
  /** Why not, in the company's own code or words. */
  because?: string
  at: Instant
}

/** A wording as it is submitted: `{{1}}`, `{{2}}` … stand for values, `samples` shows one of each. */
export interface TemplateSubmission {
  /** Lower case, digits and underscores. */
  name: string
  language: string
  category: 'UTILITY' | 'MARKETING' | 'AUTHENTICATION'
  body: string
  samples: string[]
}

export type Submitted =
  | { kind: 'submitted'; id: string; status: ApprovalStatus }
  | { kind: 'refused'; code: string }
  | { kind: 'unreachable'; code: string }

export interface TemplateState {
  id: string
  name: string
  language: string
  status: ApprovalStatus
  category?: string
  because?: string
}
