/** Languages by their own names. */
import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Language, languages } from '../../../src/domain/language.ts'
import { useLanguage } from './use-language.ts'
import { languageNames } from './words.ts'

export function LanguageSwitch() {
  const { t } = useTranslation()
  const { language, choose } = useLanguage()
  return (
    <NativeSelect
      size="xs"
      aria-label={t('app.language')}
      value={language}
      data={languages.map((value) => ({ value, label: languageNames[value] }))}
      onChange={(event) => choose(event.currentTarget.value as Language)}
      data-testid="language"
    />
  )
}
