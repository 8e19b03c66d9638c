/** One message: what it quotes, its files, its text in its own direction, and what became of it. Its accessible name says all of that at once. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FileCard, kindOf, nameOf } from '../files/FileCard.tsx'
import { useLaunched } from '../launch/launched.ts'
import { clockTime } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './Bubble.module.css'
import { BubbleMenu, type BubbleWays } from './BubbleMenu.tsx'
import { ChannelIcon } from './ChannelIcon.tsx'
import { QuoteBox } from './QuoteBox.tsx'
import { Tick } from './Tick.tsx'
import { needsWords, tickFor } from './ticks.ts'
import type { Bubble as BubbleOf } from './timeline.ts'

export interface BubbleProps extends BubbleWays {
  bubble: BubbleOf
  continues: boolean
  onRetry(key: string): void
  onEdit(key: string): void
}

export function Bubble({ bubble, continues, onRetry, onEdit, ...ways }: BubbleProps) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { zone } = useLaunched()
  const time = clockTime(bubble.at, language, zone)
  const tick = tickFor[bubble.state]
  const label =
    bubble.direction === 'out' && bubble.category !== 'conversation' && t(`category.${bubble.category}`)
  const name = [
    bubble.direction === 'in' ? t('thread.from') : label || t('thread.us'),
    ...bubble.files.map((file) => nameOf(file, t(`file.kind.${kindOf(file)}`))),
    bubble.text || (bubble.files.length === 0 && t(wordless(bubble))),
    bubble.channel && t(`channel.${bubble.channel}`),
    time,
    t(`state.${bubble.state}`),
    bubble.reason && t(`reasons.${bubble.reason}`),
    bubble.possibleDuplicate && t('thread.possibleDuplicate'),
    ...bubble.reactions.map(({ emoji, direction }) => t(`react.${direction}`, { emoji })),
  ]
  return (
    <article
      className={classes.bubble}
      aria-label={name.filter(Boolean).join(', ')}
      data-testid="bubble"
      data-direction={bubble.direction}
      data-state={bubble.state}
      data-tick={tick}
      data-continues={continues || undefined}
      data-reacted={bubble.reactions.length > 0 || undefined}
    >
      {label && !continues && <div className={classes.label}>{label}</div>}
      <Said bubble={bubble} />
      <div className={classes.foot}>
        {bubble.channel && <ChannelIcon channel={bubble.channel} size={14} />}
        {bubble.channel && <span>{t(`channel.${bubble.channel}`)}</span>}
        <time dateTime={new Date(bubble.at).toISOString()}>{time}</time>
        <Tick kind={tick} />
      </div>
      <Consequence bubble={bubble} onRetry={onRetry} onEdit={onEdit} />
      <Reactions reactions={bubble.reactions} />
      {bubble.direction === 'in' && <BubbleMenu bubble={bubble} {...ways} />}
    </article>
  )
}

function wordless({ redacted }: BubbleOf) {
  return redacted ? 'thread.removed' : 'thread.noText'
}

function Said({ bubble }: Pick<BubbleProps, 'bubble'>) {
  const { t } = useTranslation()
  const { quote, files, text } = bubble
  return (
    <>
      {quote && <QuoteBox quote={quote} />}
      {files.map((file, index) => (
        <FileCard key={file.reference ?? index} file={file} />
      ))}
      {(text || files.length === 0) && (
        <p className={classes.text} dir="auto" data-quiet={bubble.redacted || undefined}>
          {text || t(wordless(bubble))}
        </p>
      )}
    </>
  )
}

function Reactions({ reactions }: Pick<BubbleOf, 'reactions'>) {
  const { t } = useTranslation()
  if (reactions.length === 0) return null
  return (
    <div className={classes.reactions} data-testid="reactions">
      {reactions.map(({ emoji, direction }) => (
        <span key={direction} role="img" aria-label={t(`react.${direction}`, { emoji })}>
          {emoji}
        </span>
      ))}
    </div>
  )
}

/** In words: what a tick cannot say, the hops before this one, and what can be done about it. */
function Consequence({ bubble, onRetry, onEdit }: Pick<BubbleProps, 'bubble' | 'onRetry' | 'onEdit'>) {
  const { t } = useTranslation()
  const why = (reason: BubbleOf['reason']) => (reason ? t(`reasons.${reason}`) : '')
  return (
    <>
      {bubble.earlier.map((hop) => (
        <p key={hop.reference} className={classes.words} data-quiet>
          {t('thread.before', {
            channel: hop.channel ? t(`channel.${hop.channel}`) : t('state.not-sent'),
            why: why(hop.reason) || t(`state.${hop.state}`),
          })}
        </p>
      ))}
      {bubble.possibleDuplicate && (
        <p className={classes.words} data-quiet>
          {t('thread.possibleDuplicate')}
        </p>
      )}
      {needsWords(bubble.state) && (
        <p className={classes.words} data-quiet={bubble.state === 'relay-accepted' || undefined}>
          {[t(`state.${bubble.state}`), why(bubble.reason)].filter(Boolean).join(' · ')}
          {bubble.code && ' '}
          {bubble.code && <bdi>({bubble.code})</bdi>}
        </p>
      )}
      {bubble.state === 'unsaved' && (
        <div className={classes.actions}>
          <Button size="compact-sm" onClick={() => onRetry(bubble.key)}>
            {t('composer.retry')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => onEdit(bubble.key)}>
            {t('composer.edit')}
          </Button>
        </div>
      )}
    </>
  )
}
