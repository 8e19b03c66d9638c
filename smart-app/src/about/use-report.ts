/** The report from our own server, asked again while somebody looks: what is true now does not stay so. */
import { useQuery } from '@tanstack/react-query'
import { type InstallReport, installReport } from '../../../src/contract/report.ts'
import { minute } from '../../../src/domain/time.ts'
import { HostError } from '../chart/fhir-host.ts'
import type { Backend } from '../launch/backend.ts'
import { useLaunched } from '../launch/launched.ts'

export type ReportState =
  | { kind: 'loading' | 'never-examined' | 'over' }
  | { kind: 'unread'; again(): void }
  | { kind: 'read'; report: InstallReport }

export function useReport(): ReportState {
  const { backend } = useLaunched()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['report'],
    queryFn: () => readReport(backend),
    staleTime: 0,
    refetchInterval: minute / 2,
  })
  if (data) return data
  if (data === undefined && isFetching) return { kind: 'loading' }
  if (error instanceof HostError && [401, 403].includes(error.status ?? 0)) return { kind: 'over' }
  return { kind: 'unread', again: () => void refetch() }
}

/** What it throws, the root's queries know: whether it is worth another try. */
export async function readReport(
  backend: Pick<Backend, 'fetch'>,
): Promise<{ kind: 'read'; report: InstallReport } | { kind: 'never-examined' }> {
  const response = await backend.fetch('/api/report', {})
  if (response.status === 404) return { kind: 'never-examined' }
  if (!response.ok) throw new HostError('The report was refused', response.status)
  return { kind: 'read', report: installReport.parse(await response.json()) }
}
