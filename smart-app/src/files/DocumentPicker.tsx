/** The patient's documents to choose from: date, title, type. What no open channel carries can be seen, but not chosen. */
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type FileKind, fileKindOf } from '../../../src/domain/outgoing.ts'
import type { ChartDocument } from '../../../src/fhir/document-reference.ts'
import { chartQueries } from '../chart/chart-queries.ts'
import type { Attached } from '../conversation/outgoing.ts'
import { useLaunched } from '../launch/launched.ts'
import { dayOf } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import { Dialog } from './Dialog.tsx'
import classes from './DocumentPicker.module.css'
import { FileIcon } from './FileIcon.tsx'
import { fileSize } from './file-size.ts'

export interface DocumentPickerProps {
  /** What the clinic's senders carry to this patient. */
  kinds: readonly FileKind[]
  onPick(file: Attached): void
  onClose(): void
}

export function DocumentPicker({ kinds, onPick, onClose }: DocumentPickerProps) {
  const { t } = useTranslation()
  const { reader, now } = useLaunched()
  const queries = useMemo(() => chartQueries(reader, now), [reader, now])
  const { data, isError } = useQuery(queries.documents)
  return (
    <Dialog title={t('file.pick')} onClose={onClose}>
      {isError && <p className={classes.nothing}>{t('trouble.notRead')}</p>}
      {!data && !isError && <Skeleton height={120} m="md" />}
      {data?.length === 0 && <p className={classes.nothing}>{t('file.none')}</p>}
      <ul className={classes.list}>
        {data?.map((document) => (
          <li key={document.reference}>
            <Row document={document} kinds={kinds} onPick={onPick} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function Row({
  document,
  kinds,
  onPick,
}: { document: ChartDocument } & Omit<DocumentPickerProps, 'onClose'>) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { zone } = useLaunched()
  const { reference, title, type, contentType = 'application/octet-stream', size, writtenAt } = document
  const kind = fileKindOf(contentType)
  const name = title ?? t(`file.kind.${kind}`)
  const isCarried = kinds.includes(kind)
  const more = [
    writtenAt !== undefined && dayOf(writtenAt, language, zone),
    type !== title && type,
    size !== undefined && fileSize(size, language),
    !isCarried && t('reasons.content-not-carried'),
  ]
  return (
    <button
      type="button"
      className={classes.row}
      disabled={!isCarried}
      data-testid="document"
      onClick={() => onPick({ reference, name, contentType })}
    >
      <FileIcon kind={kind} />
      <span>
        <span className={classes.title}>
          <bdi>{name}</bdi>
        </span>
        <span className={classes.more}>
          {more.filter(Boolean).map((part, index) => (
            <Fragment key={String(part)}>
              {index > 0 && ' · '}
              <bdi>{part}</bdi>
            </Fragment>
          ))}
        </span>
      </span>
    </button>
  )
}
