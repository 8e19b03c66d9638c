/** The way to the screen about the install, small and last: it is for admins. Whoever comes back from there is at it again. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './AboutLink.module.css'
import { aboutHash } from './use-about.ts'

/** `isAway`: that screen is before the chart. */
export function AboutLink({ isAway }: { isAway: boolean }) {
  const { t } = useTranslation()
  const wasAway = useRef(isAway)
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (wasAway.current && !isAway) link.current?.focus()
    wasAway.current = isAway
  }, [isAway])
  return (
    <a ref={link} className={classes.link} href={aboutHash} data-testid="about-link">
      {t('app.about')}
    </a>
  )
}
