/** What is answered: who wrote it, and its first words. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf, nameOf } from '../files/FileCard.tsx'
import { FileIcon } from '../files/FileIcon.tsx'
import classes from './QuoteBox.module.css'
import type { Quote } from './targets.ts'

export function QuoteBox({ quote, children }: { quote: Quote; children?: ReactNode }) {
  const { t } = useTranslation()
  const { direction, text, file } = quote
  return (
    <blockquote className={classes.quote} data-testid="quote">
      <span className={classes.who}>{direction === 'in' ? t('thread.from') : t('thread.us')}</span>
      <span className={classes.words} dir="auto">
        {file && <FileIcon kind={kindOf(file)} size={14} />}
        {text || (file ? nameOf(file, t(`file.kind.${kindOf(file)}`)) : t('thread.noText'))}
      </span>
      {children}
    </blockquote>
  )
}
