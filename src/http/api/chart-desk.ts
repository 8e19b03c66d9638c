/** What the gateway to our records does. `compose` fills it from the flows; each answer is FHIR, as it goes out. */
import type { ChartRequest, ChartType } from '../../contract/chart.ts'
import type { Reference } from '../../domain/message-request.ts'
import type { FileAnswer } from '../file-answer.ts'

export interface ChartPage {
  status?: string
  count: number
  after?: string
}

/** All of them throw `EmrError` while the store, or the host, cannot answer. */
export interface ChartDesk {
  /** Asks the host, with the clinician's own token, whether it shows them this patient. The token is used for this and forgotten. */
  mayOpen(patient: Reference, proof: { accessToken: string; subject: string }): Promise<boolean>
  /** That it was opened is on record. */
  noteOpened(patient: Reference, user: string): Promise<void>
  search(type: ChartType, patient: Reference, page: ChartPage): Promise<object>
  /** `undefined` when there is none of this patient's. */
  read(type: ChartType, id: string, patient: Reference): Promise<object | undefined>
  openFile(id: string, patient: Reference): Promise<FileAnswer | undefined>
  write(
    resource: ChartRequest,
    by: { patient: Reference; requester?: Reference },
  ): Promise<{ kind: 'written'; resource: object; isNew: boolean } | { kind: 'refused'; error: string }>
}
