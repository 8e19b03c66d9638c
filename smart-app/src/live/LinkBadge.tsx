/** Whether what is on the screen is the present. */
import { useTranslation } from 'react-i18next'
import classes from './LinkBadge.module.css'
import type { LinkState } from './use-live.ts'

export function LinkBadge({ state }: { state: LinkState }) {
  const { t } = useTranslation()
  return (
    <span
      role="status"
      className={classes.badge}
      data-state={state}
      data-testid="link"
      title={state === 'off' ? t('link.offHint') : undefined}
    >
      {t(`link.${state}`)}
    </span>
  )
}
