import { defineConfig } from 'vitest/config'

/**
 * Against real servers and HL7's own validator, `npm run test:hosts`. Apart from the other tests: it fetches hundreds of
 * megabytes from Maven Central, once.
 */
export default defineConfig({
  test: {
    name: 'hosts',
    reporters: ['default', ['json', { outputFile: 'test-results/hosts.json' }]],
    include: ['test/hosts/**/*.test.ts'],
    globalSetup: ['test/hosts/provide-programs.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
