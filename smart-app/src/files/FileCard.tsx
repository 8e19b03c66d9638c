/** One file of a message: a picture as a picture, anything else by name and size; and in words why there is nothing to see. */
import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileName } from '../../../src/domain/file-type.ts'
import { type FileKind, fileKindOf } from '../../../src/domain/outgoing.ts'
import type { ThreadFile } from '../../../src/fhir/communication.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './FileCard.module.css'
import { FileIcon } from './FileIcon.tsx'
import { fileSize } from './file-size.ts'
import { Picture } from './Picture.tsx'
import { useFile } from './use-file.ts'

export function FileCard({ file }: { file: ThreadFile }) {
  const { t } = useTranslation()
  const { reference, contentType, lost } = file
  const kind = kindOf(file)
  if (lost) return <Missing words={t('file.lost', { why: t(`file.because.${lost}`) })} file={file} />
  if (!reference) return <Missing words={t('file.waiting')} file={file} />
  if (kind === 'image') return <Picture file={file} name={nameOf(file, t(`file.kind.image`))} />
  return <Document file={file} kind={kind} mayOpen={contentType === 'application/pdf'} />
}

export function kindOf({ contentType }: ThreadFile): FileKind {
  return contentType ? fileKindOf(contentType) : 'document'
}

export function nameOf({ name }: ThreadFile, unnamed: string): string {
  return name || unnamed
}

function Missing({ words, file }: { words: string; file: ThreadFile }) {
  return (
    <p className={classes.missing} data-testid="file-missing">
      <FileIcon kind={kindOf(file)} />
      <span>
        {file.name && (
          <>
            <bdi>{file.name}</bdi>:{' '}
          </>
        )}
        {words}
      </span>
    </p>
  )
}

/** Fetched when it is asked for; then the browser shows it (a PDF) or saves it. */
function Document({ file, kind, mayOpen }: { file: ThreadFile; kind: FileKind; mayOpen: boolean }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const [wanted, setWanted] = useState(false)
  const { opened, again } = useFile(file, wanted)
  const name = nameOf(file, t(`file.kind.${kind}`))
  const size = opened.kind === 'open' ? opened.size : file.size
  return (
    <div className={classes.card} data-testid="file">
      <FileIcon kind={kind} />
      <span className={classes.name}>
        <bdi>{name}</bdi>
        {size !== undefined && <small>{fileSize(size, language)}</small>}
      </span>
      {opened.kind === 'open' ? (
        <Ways url={opened.url} mayOpen={mayOpen} saveAs={fileName(name, file.contentType ?? '')} />
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          loading={opened.kind === 'loading'}
          disabled={opened.kind === 'gone'}
          aria-label={t('file.getNamed', { name })}
          onClick={() => (wanted ? again() : setWanted(true))}
        >
          {t('file.get')}
        </Button>
      )}
      {(opened.kind === 'failed' || opened.kind === 'gone') && (
        <span className={classes.trouble} role="status">
          {t(`file.${opened.kind}`)}
        </span>
      )}
    </div>
  )
}

function Ways({ url, mayOpen, saveAs }: { url: string; mayOpen: boolean; saveAs: string }) {
  const { t } = useTranslation()
  const first = useRef<HTMLAnchorElement>(null)
  // The button that had the focus is gone by now.
  useEffect(() => first.current?.focus(), [])
  return (
    <span className={classes.ways}>
      {mayOpen && (
        <a ref={first} className={classes.way} href={url} target="_blank" rel="noreferrer">
          {t('file.open')}
        </a>
      )}
      <a ref={mayOpen ? undefined : first} className={classes.way} href={url} download={saveAs}>
        {t('file.download')}
      </a>
    </span>
  )
}
