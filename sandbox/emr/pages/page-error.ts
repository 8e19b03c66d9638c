/** A request that cannot be answered as asked; shown as a page. */
export class PageError extends Error {
  readonly status: 400 | 404 | 409
  constructor(status: 400 | 404 | 409, message: string) {
    super(message)
    this.name = 'PageError'
    this.status = status
  }
}
