/** A fault of ours must not leave a white page. */
import { Component, type ReactNode } from 'react'
import classes from './Opened.module.css'

export class Fallback extends Component<
  { words: string; reload: string; children: ReactNode },
  { broken: boolean }
> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <main className={classes.notice} role="alert">
        <p>{this.props.words}</p>
        <button type="button" onClick={() => location.reload()}>
          {this.props.reload}
        </button>
      </main>
    )
  }
}
