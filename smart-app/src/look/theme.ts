/** Colours and type. All pairs of text and ground here have a contrast of at least 4.5, light and dark. */
import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'qasid',
  primaryShade: { light: 9, dark: 8 },
  colors: {
    qasid: [
      '#eaf7f6',
      '#d3ecea',
      '#a6d9d5',
      '#76c5bf',
      '#4fb4ad',
      '#37a9a1',
      '#27a39b',
      '#178f87',
      '#0b7c75',
      '#006a64',
    ],
  },
  defaultRadius: 'md',
  respectReducedMotion: true,
  fontFamily: 'system-ui, "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", sans-serif',
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#16211f',
    '--mantine-color-dimmed': '#54615f',
    '--mantine-color-placeholder': '#65716f',
    '--q-canvas': '#f2f5f4',
    '--q-surface': '#ffffff',
    '--q-line': '#dfe5e3',
    '--q-quiet': '#54615f',
    '--q-out': '#d8efe9',
    '--q-in': '#ffffff',
    '--q-alert': '#b3261e',
    '--q-alert-ground': '#fdeceb',
    '--q-good': '#00685a',
    '--q-read': '#0a5fb8',
    '--q-accent': '#006a64',
    '--q-shadow': '0 1px 1px rgb(20 40 36 / 10%)',
  },
  dark: {
    '--mantine-color-body': '#161d1c',
    '--mantine-color-text': '#e7eceb',
    '--mantine-color-dimmed': '#a9b6b3',
    '--mantine-color-placeholder': '#95a29f',
    '--q-canvas': '#0f1514',
    '--q-surface': '#161d1c',
    '--q-line': '#2b3735',
    '--q-quiet': '#a9b6b3',
    '--q-out': '#0f433d',
    '--q-in': '#222c2a',
    '--q-alert': '#ffa79f',
    '--q-alert-ground': '#3b2120',
    '--q-good': '#7bd8c5',
    '--q-read': '#84c8ff',
    '--q-accent': '#5fcabf',
    '--q-shadow': 'none',
  },
})
