/** Where a clinician writes. Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own. */
import { Button, Textarea } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../src/domain/channel.ts'
import { ChannelChoice, type Choice } from './ChannelChoice.tsx'
import classes from './Composer.module.css'
import { type ChannelState, nextStep } from './closed-channels.ts'
import { isSendable, mostCharacters } from './outgoing.ts'
import type { Outbox } from './use-outbox.ts'

export interface ComposerProps {
  outbox: Outbox
  /** `undefined` until the chart has told. */
  states: Record<Channel, ChannelState> | undefined
  /** The automatic plan: the open channels, preferred first. */
  plan: Channel[]
  mayWrite: boolean
}

export function Composer({ outbox, states, plan, mayWrite }: ComposerProps) {
  const { t } = useTranslation()
  const [wish, setWish] = useState<Choice>('auto')
  // What was chosen may have closed since.
  const choice = wish !== 'auto' && plan.includes(wish) ? wish : 'auto'
  const ready = mayWrite && plan.length > 0
  const send = () => ready && isSendable(outbox.text) && outbox.send(choice === 'auto' ? plan : [choice])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return
    if (event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <section className={classes.composer} aria-label={t('composer.label')}>
      <div className={classes.inside}>
        {!mayWrite && <div className={classes.stop}>{t('composer.mayNot')}</div>}
        {mayWrite && states && plan.length === 0 && <AllClosed states={states} />}
        {mayWrite && states && (
          <ChannelChoice states={states} plan={plan} choice={choice} onChoose={setWish} />
        )}
        {mayWrite && (
          <div className={classes.row}>
            <Textarea
              className={classes.text}
              aria-label={t('composer.label')}
              placeholder={t('composer.placeholder')}
              autosize
              minRows={1}
              maxRows={8}
              size="md"
              dir="auto"
              disabled={states !== undefined && plan.length === 0}
              value={outbox.text}
              onChange={(event) => outbox.write(event.currentTarget.value)}
              onKeyDown={onKeyDown}
              data-testid="composer-text"
            />
            <Button
              size="md"
              disabled={!ready || !isSendable(outbox.text)}
              onClick={send}
              data-testid="composer-send"
            >
              {t('composer.send')}
            </Button>
          </div>
        )}
        {ready && <Foot outbox={outbox} />}
      </div>
    </section>
  )
}

function AllClosed({ states }: { states: Record<Channel, ChannelState> }) {
  const { t } = useTranslation()
  const next = nextStep(states)
  return (
    <div className={classes.stop}>
      {t('composer.allClosed')}
      {next && <div className={classes.next}>{t(`composer.next.${next}`)}</div>}
    </div>
  )
}

function Foot({ outbox: { text, note } }: Pick<ComposerProps, 'outbox'>) {
  const { t } = useTranslation()
  const tooLong = text.length > mostCharacters
  return (
    <div className={classes.foot}>
      <span className={classes.hint}>{t('composer.hint')}</span>
      <span role="status" className={tooLong || (note && note !== 'late') ? classes.alert : undefined}>
        {tooLong
          ? t('composer.tooLong', { length: text.length, most: mostCharacters })
          : note && t(`composer.${note}`)}
      </span>
    </div>
  )
}
