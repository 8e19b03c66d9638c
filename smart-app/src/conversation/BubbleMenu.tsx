/** What can be done with a patient's message: answer this very one, or put an emoji on it. One stop of the keyboard. */
import { ActionIcon, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './BubbleMenu.module.css'
import { staffReactions } from './reactions.ts'
import type { Bubble } from './timeline.ts'

export interface BubbleWays {
  /** Missing where the message's channel has no quotes. */
  onReply?(bubble: Bubble): void
  /** An empty emoji takes ours back. Missing where the channel has no reactions now. */
  onReact?(bubble: Bubble, emoji: string): void
}

export function BubbleMenu({ bubble, onReply, onReact }: { bubble: Bubble } & BubbleWays) {
  const { t } = useTranslation()
  if (!onReply && !onReact) return null
  const ours = bubble.reactions.find(({ direction }) => direction === 'out')?.emoji
  return (
    <Menu position="top" withinPortal returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          className={classes.target}
          variant="default"
          radius="xl"
          size="md"
          aria-label={t('react.more')}
          data-testid="bubble-menu"
        >
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
            <path d="M3 9.5a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Zm5 0a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Zm5 0a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Z" />
          </svg>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onReply && <Menu.Item onClick={() => onReply(bubble)}>{t('react.reply')}</Menu.Item>}
        {onReact &&
          staffReactions.map((emoji) => (
            <Menu.Item key={emoji} onClick={() => onReact(bubble, emoji === ours ? '' : emoji)}>
              {emoji === ours ? t('react.takeBack', { emoji }) : t('react.put', { emoji })}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
