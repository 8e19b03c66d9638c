/** The report for a ticket or a mail. An EMR's frame may keep us from the clipboard: then it is shown, to be copied by hand. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { InstallReport } from '../../../src/contract/report.ts'
import { useAboutWords } from './about-words.ts'
import classes from './Report.module.css'

export function CopyReport({ report }: { report: InstallReport }) {
  const words = useAboutWords()
  const [end, setEnd] = useState<'copied' | 'refused'>()
  const text = JSON.stringify(report, null, 2)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setEnd('copied')
    } catch {
      setEnd('refused')
    }
  }
  return (
    <div>
      <Button variant="default" size="compact-sm" onClick={copy} data-testid="copy-report">
        {words.copy}
      </Button>
      <span className={classes.copied} role="status">
        {end === 'copied' && words.copied}
        {end === 'refused' && words.byHand}
      </span>
      {end === 'refused' && (
        <textarea
          className={classes.byHand}
          aria-label={words.copy}
          dir="ltr"
          readOnly
          rows={8}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </div>
  )
}
