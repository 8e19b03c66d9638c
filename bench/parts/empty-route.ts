/** The yardstick of a webhook: an Express route that does nothing, in a process of its own. */
import express from 'express'

const app = express()
app.disable('x-powered-by')
app.get('/ready', (_request, response) => void response.status(200).end())
app.post('/webhooks/:install/:sender', (_request, response) => void response.status(200).end())
const server = app.listen(Number(process.env.BENCH_EMPTY_PORT))
process.once('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
})
