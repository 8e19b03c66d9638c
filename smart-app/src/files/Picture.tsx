/** A picture in the thread; larger in a window of its own. */
import { Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ThreadFile } from '../../../src/fhir/communication.ts'
import { Dialog } from './Dialog.tsx'
import classes from './FileCard.module.css'
import { useFile } from './use-file.ts'

export function Picture({ file, name }: { file: ThreadFile; name: string }) {
  const { t } = useTranslation()
  const [large, setLarge] = useState(false)
  const { opened } = useFile(file, true)
  if (opened.kind === 'gone' || opened.kind === 'failed')
    return <p className={classes.missing}>{t(`file.${opened.kind}`)}</p>
  if (opened.kind !== 'open') return <Skeleton className={classes.thumbnail} height={140} width={180} />
  return (
    <>
      <button
        type="button"
        className={classes.thumbnail}
        aria-label={t('file.enlarge', { name })}
        data-testid="picture"
        onClick={() => setLarge(true)}
      >
        <img src={opened.url} alt={name} />
      </button>
      {large && (
        <Dialog title={name} onClose={() => setLarge(false)}>
          <img className={classes.large} src={opened.url} alt={name} />
        </Dialog>
      )}
    </>
  )
}
