/** A file as something that the browser can show or save: read with the clinician's own token, forgotten when it is out of sight. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { ThreadFile } from '../../../src/fhir/communication.ts'
import { chartQueries } from '../chart/chart-queries.ts'
import { useLaunched } from '../launch/launched.ts'
import { shownAs } from './shown-as.ts'

export type OpenedFile =
  | { kind: 'asleep' | 'loading' | 'gone' | 'failed' }
  | { kind: 'open'; url: string; size: number }

/** Read only once it is `wanted`: a film is not fetched because it was scrolled past. */
export function useFile(
  { reference, contentType }: Pick<ThreadFile, 'reference' | 'contentType'>,
  wanted: boolean,
): { opened: OpenedFile; again(): void } {
  const { reader, now } = useLaunched()
  const queries = useMemo(() => chartQueries(reader, now), [reader, now])
  const query = useQuery({ ...queries.file(reference ?? ''), enabled: wanted && reference !== undefined })
  const url = useObjectUrl(query.data ?? undefined, contentType)
  const again = () => void query.refetch()
  const opened = (): OpenedFile => {
    if (!wanted || !reference) return { kind: 'asleep' }
    if (query.isFetching) return { kind: 'loading' }
    if (query.isError) return { kind: 'failed' }
    if (query.data === null) return { kind: 'gone' }
    return query.data && url ? { kind: 'open', url, size: query.data.size } : { kind: 'loading' }
  }
  return { opened: opened(), again }
}

function useObjectUrl(blob: Blob | undefined, contentType: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(shownAs(blob, contentType))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob, contentType])
  return blob && url
}
