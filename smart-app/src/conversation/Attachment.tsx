/** The paper clip, and what was clipped. */
import { ActionIcon } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FileKind, fileKindOf } from '../../../src/domain/outgoing.ts'
import { DocumentPicker } from '../files/DocumentPicker.tsx'
import { FileIcon } from '../files/FileIcon.tsx'
import classes from './Composer.module.css'
import type { Attached } from './outgoing.ts'

export function AttachButton({
  kinds,
  onPick,
}: {
  kinds: readonly FileKind[]
  onPick(file: Attached): void
}) {
  const { t } = useTranslation()
  const [picking, setPicking] = useState(false)
  return (
    <>
      <ActionIcon
        size={42}
        variant="default"
        aria-label={t('file.attach')}
        title={t('file.attach')}
        data-testid="attach"
        onClick={() => setPicking(true)}
      >
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none">
          <path
            d="M14.5 8.5 9 14a3.5 3.5 0 0 1-5-5l6-6a2.3 2.3 0 0 1 3.3 3.3l-5.8 5.8a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
          />
        </svg>
      </ActionIcon>
      {picking && (
        <DocumentPicker
          kinds={kinds}
          onClose={() => setPicking(false)}
          onPick={(file) => {
            setPicking(false)
            onPick(file)
          }}
        />
      )}
    </>
  )
}

export function AttachedFile({ file, onRemove }: { file: Attached; onRemove(): void }) {
  const { t } = useTranslation()
  const kind = fileKindOf(file.contentType)
  const name = file.name || t(`file.kind.${kind}`)
  return (
    <div className={classes.attached} data-testid="attached">
      <FileIcon kind={kind} />
      <bdi>{name}</bdi>
      <button
        type="button"
        className={classes.remove}
        aria-label={t('file.remove', { name })}
        onClick={onRemove}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  )
}
