/** By which channel: the automatic plan, or one of the open ones. Each closed one says why. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Channel, channels } from '../../../src/domain/channel.ts'
import { ChannelIcon } from './ChannelIcon.tsx'
import classes from './Composer.module.css'
import { planWords } from './channel-words.ts'
import type { ChannelState } from './closed-channels.ts'

export type Choice = Channel | 'auto'

export interface ChannelChoiceProps {
  states: Record<Channel, ChannelState>
  /** The automatic plan. */
  plan: Channel[]
  choice: Choice
  onChoose(choice: Choice): void
}

export function ChannelChoice({ states, plan, choice, onChoose }: ChannelChoiceProps) {
  const { t } = useTranslation()
  const id = useId()
  const options: Choice[] = ['auto', ...channels]
  return (
    <>
      {plan.length > 0 && (
        <fieldset className={classes.choice}>
          <legend className={classes.by}>{t('composer.by')}</legend>
          {options.map((option) => (
            <label key={option} className={classes.chip}>
              <input
                type="radio"
                name={id}
                checked={choice === option}
                disabled={option !== 'auto' && states[option].kind === 'closed'}
                aria-describedby={
                  option !== 'auto' && states[option].kind === 'closed' ? id + option : undefined
                }
                onChange={() => onChoose(option)}
              />
              {option !== 'auto' && <ChannelIcon channel={option} size={14} />}
              {option === 'auto'
                ? t('composer.autoOrder', { order: planWords(plan, t) })
                : t(`channel.${option}`)}
            </label>
          ))}
        </fieldset>
      )}
      <ul className={classes.closed}>
        {channels.map((channel) => {
          const state = states[channel]
          if (state.kind === 'open') return null
          return (
            <li key={channel} id={id + channel} data-testid={`closed-${channel}`}>
              <ChannelIcon channel={channel} size={14} />
              <span>
                {t(`channel.${channel}`)}: {t(`reasons.${state.reason}`)}
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
