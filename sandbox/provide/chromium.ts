/** A Chromium to look at the screens with, and fonts that can show what patients read. */

import { installPackages, type Say } from './debian-packages.ts'
import { decideChromium, decideFonts } from './decide-provision.ts'
import { type Environment, findOnPath, hasFontFor, isDebian, isProgram, isRoot } from './machine.ts'

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export async function provideChromium({
  env,
  say = console.error,
}: {
  env: Environment
  say?: Say
}): Promise<{ path: string }> {
  const path = await findBrowser(env, say)
  await provideFonts(env, say)
  return { path }
}

async function findBrowser(env: Environment, say: Say): Promise<string> {
  const provision = decideChromium({
    named: env.CHROME_PATH,
    found: findOnPath(programs, env),
    root: isRoot(),
    debian: isDebian(env),
  })
  switch (provision.kind) {
    case 'named':
      if (!isProgram(provision.value)) throw new Error('CHROME_PATH does not name a program that can be run.')
      return provision.value
    case 'found':
      return provision.path
    case 'install':
      await installPackages(provision.packages, { env, say })
      return installed(env)
    case 'refuse':
      throw new Error(provision.because)
  }
}

function installed(env: Environment): string {
  const path = findOnPath(programs, { PATH: `${env.PATH ?? ''}:/usr/bin` })
  if (!path) throw new Error('chromium was installed but is not on the PATH: set CHROME_PATH.')
  return path
}

async function provideFonts(env: Environment, say: Say): Promise<void> {
  const [arabic, hindi] = await Promise.all([hasFontFor('ar', env), hasFontFor('hi', env)])
  const provision = decideFonts({ arabic, hindi, root: isRoot(), debian: isDebian(env) })
  if (provision.kind === 'install') await installPackages(provision.packages, { env, say })
  if (provision.kind === 'lacking') say(provision.because)
}
