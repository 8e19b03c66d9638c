/** Where a clinician writes. Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own. */
import { Button, Textarea } from '@mantine/core'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../src/domain/channel.ts'
import type { FileKind } from '../../../src/domain/outgoing.ts'
import { AttachButton, AttachedFile } from './Attachment.tsx'
import { ChannelChoice, type Choice } from './ChannelChoice.tsx'
import classes from './Composer.module.css'
import { type ChannelState, nextStep } from './closed-channels.ts'
import { isSendable, mostOf } from './outgoing.ts'
import { QuoteBox } from './QuoteBox.tsx'
import type { Quote } from './targets.ts'
import type { Outbox } from './use-outbox.ts'

export interface ComposerProps {
  outbox: Outbox
  /** `undefined` until the chart has told. */
  states: Record<Channel, ChannelState> | undefined
  /** The automatic plan: the open channels, preferred first. */
  plan: Channel[]
  /** Why nothing can be written here; the words are `composer.*`. */
  closed: 'mayNot' | 'blind' | undefined
  /** What of the chart's documents can be sent now; none where nothing carries files. */
  kinds: readonly FileKind[]
  /** The message that is answered. */
  quote?: Quote
  field: RefObject<HTMLTextAreaElement | null>
}

export function Composer({ outbox, states, plan, closed, kinds, quote, field }: ComposerProps) {
  const { t } = useTranslation()
  const [wish, setWish] = useState<Choice>('auto')
  // What was chosen may have closed since.
  const choice = wish !== 'auto' && plan.includes(wish) ? wish : 'auto'
  const { written, write } = outbox
  const ready = !closed && plan.length > 0
  const send = () => ready && isSendable(written) && outbox.send(choice === 'auto' ? plan : [choice])
  return (
    <section className={classes.composer} aria-label={t('composer.label')}>
      <div className={classes.inside}>
        {closed && <div className={classes.stop}>{t(`composer.${closed}`)}</div>}
        {!closed && states && plan.length === 0 && <AllClosed states={states} />}
        {!closed && states && (
          <ChannelChoice states={states} plan={plan} choice={choice} onChoose={setWish} />
        )}
        {!closed && <Beside written={written} write={write} quote={quote} />}
        {!closed && (
          <div className={classes.row}>
            {kinds.length > 0 && <AttachButton kinds={kinds} onPick={(file) => write({ file })} />}
            <Field
              field={field}
              text={written.text}
              disabled={states !== undefined && plan.length === 0}
              onWrite={(text) => write({ text })}
              onSend={send}
            />
            <Button
              size="md"
              disabled={!ready || !isSendable(written)}
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

interface FieldProps extends Pick<ComposerProps, 'field'> {
  text: string
  disabled: boolean
  onWrite(text: string): void
  onSend(): void
}

function Field({ field, text, disabled, onWrite, onSend }: FieldProps) {
  const { t } = useTranslation()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return
    if (event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSend()
  }
  return (
    <Textarea
      ref={field}
      className={classes.text}
      aria-label={t('composer.label')}
      placeholder={t('composer.placeholder')}
      autosize
      minRows={1}
      maxRows={8}
      size="md"
      dir="auto"
      disabled={disabled}
      value={text}
      onChange={(event) => onWrite(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      data-testid="composer-text"
    />
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

/** What goes out with the text. */
function Beside({ written, write, quote }: Pick<Outbox, 'written' | 'write'> & { quote?: Quote }) {
  const { t } = useTranslation()
  return (
    <>
      {quote && (
        <QuoteBox quote={quote}>
          <button
            type="button"
            className={classes.remove}
            data-place="corner"
            aria-label={t('react.drop')}
            onClick={() => write({ replyTo: undefined })}
          >
            <span aria-hidden="true">×</span>
          </button>
        </QuoteBox>
      )}
      {written.file && <AttachedFile file={written.file} onRemove={() => write({ file: undefined })} />}
    </>
  )
}

function Foot({ outbox: { written, note } }: Pick<ComposerProps, 'outbox'>) {
  const { t } = useTranslation()
  const { length } = written.text
  const most = mostOf(written)
  const tooLong = length > most
  return (
    <div className={classes.foot}>
      <span className={classes.hint}>{t('composer.hint')}</span>
      <span role="status" className={tooLong || (note && note !== 'late') ? classes.alert : undefined}>
        {tooLong ? t('composer.tooLong', { length, most }) : note && t(`composer.${note}`)}
      </span>
    </div>
  )
}
