import { Component, type ReactNode } from 'react'
import { Problem } from './problem'

/** React's own last resort for a defect in rendering; it needs a class. */
export class Crash extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false }

  static getDerivedStateFromError() {
    return { hasCrashed: true }
  }

  override render() {
    if (!this.state.hasCrashed) return this.props.children
    return (
      <main>
        <Problem
          error={new Error('This page stopped because of a defect. Nothing you stored is lost.')}
          onRetry={() => location.reload()}
        />
      </main>
    )
  }
}
