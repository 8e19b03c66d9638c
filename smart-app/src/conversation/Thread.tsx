/** The conversation. A log: what is new is announced politely, and the newest stays in sight. */
import { Button, Skeleton } from '@mantine/core'
import { memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PartState } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { dayName } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import { Bubble } from './Bubble.tsx'
import type { BubbleWays } from './BubbleMenu.tsx'
import classes from './Thread.module.css'
import type { Bubble as BubbleOf, TimelineItem } from './timeline.ts'
import { useNewest } from './use-newest.ts'

export interface ThreadProps {
  items: TimelineItem[]
  state: PartState
  onRetry(key: string): void
  onEdit(key: string): void
  /** What can be done with this message now; the same answer, the very same object, while nothing changed. */
  waysOf(bubble: BubbleOf): BubbleWays
}

/** So many at first and with each step back: enough to read, few enough to open at once. */
const step = 200

export const Thread = memo(function Thread({ items, state, ...actions }: ThreadProps) {
  const { t } = useTranslation()
  const [most, setMost] = useState(step)
  const announcing = useAfter(state === 'read')
  const scroller = useRef<HTMLDivElement>(null)
  const shown = items.slice(-most)
  const { away, unseen, toEnd } = useNewest(scroller, items.at(-1)?.key, shown[0]?.key)
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it.
        tabIndex={0}
        role="log"
        aria-live={announcing ? 'polite' : 'off'}
        aria-relevant="additions"
        aria-label={t('thread.label')}
        aria-busy={state === 'loading'}
        data-testid="thread"
      >
        <div className={classes.column}>
          {shown.length < items.length && (
            <Button
              className={classes.older}
              variant="subtle"
              size="compact-sm"
              onClick={() => setMost(most + step)}
            >
              {t('thread.earlier')}
            </Button>
          )}
          {state === 'loading' && <Loading />}
          {state === 'unread' && <div className={classes.empty}>{t('trouble.notRead')}</div>}
          {state === 'withheld' && <div className={classes.empty}>{t('trouble.withheld')}</div>}
          {state === 'read' && items.length === 0 && <Empty />}
          {shown.map((item) => (
            <Item key={item.key} item={item} {...actions} />
          ))}
        </div>
      </div>
      {away && (
        <div className={classes.newest}>
          <Button size="compact-md" radius="xl" variant={unseen ? 'filled' : 'default'} onClick={toEnd}>
            {unseen ? t('thread.newest') : t('thread.toNewest')} ↓
          </Button>
        </div>
      )}
    </div>
  )
})

/** True from the drawing after: a whole conversation that just opened is no news. */
function useAfter(happened: boolean): boolean {
  const [after, setAfter] = useState(false)
  useEffect(() => setAfter(happened), [happened])
  return after
}

function Item({
  item,
  waysOf,
  ...actions
}: { item: TimelineItem } & Pick<ThreadProps, 'onRetry' | 'onEdit' | 'waysOf'>) {
  if (item.kind === 'day') return <Day item={item} />
  if (item.kind === 'line') return <Line item={item} />
  const { bubble, continues } = item
  return <Bubble bubble={bubble} continues={continues} {...actions} {...waysOf(bubble)} />
}

function Day({ item }: { item: Extract<TimelineItem, { kind: 'day' }> }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { zone } = useLaunched()
  const name = dayName(item.at, useNow(), language, zone)
  return <div className={classes.day}>{name.kind === 'date' ? name.text : t(`thread.${name.kind}`)}</div>
}

function Line({ item }: { item: Extract<TimelineItem, { kind: 'line' }> }) {
  const { t } = useTranslation()
  if (item.line !== 'not-sent') return <div className={classes.line}>{t(`thread.${item.line}`)}</div>
  const words = [
    t(`category.${item.category}`),
    t('state.not-sent'),
    item.reason && t(`reasons.${item.reason}`),
  ]
  return (
    <div className={classes.line} data-alert>
      {words.filter(Boolean).join(' · ')}
    </div>
  )
}

function Empty() {
  const { t } = useTranslation()
  return (
    <div className={classes.empty}>
      <strong>{t('thread.empty')}</strong>
      {t('thread.emptyHint')}
    </div>
  )
}

function Loading() {
  return (
    <div className={classes.skeletons}>
      {['55%', '40%', '60%', '35%'].map((width) => (
        <Skeleton key={width} height={56} width={width} radius="lg" />
      ))}
    </div>
  )
}
