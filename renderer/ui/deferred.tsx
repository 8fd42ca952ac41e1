import { type ComponentType, createElement, lazy, useState } from 'react'

/**
 * A component whose code comes when it is first shown, or ahead of that by `load`. What has come is shown at once:
 * React's `lazy` alone would show the fallback all the same, and keep it for 300 ms.
 */
export function deferred<Props extends object>(importIt: () => Promise<ComponentType<Props>>) {
  let arrived: ComponentType<Props> | undefined

  async function load() {
    arrived ??= await importIt()
    return { default: arrived }
  }
  const Later = lazy(load) as unknown as ComponentType<Props>

  function Deferred(props: Props) {
    // One of the two for as long as it is shown: the other would begin anew.
    const [Shown] = useState(() => arrived ?? Later)
    return createElement(Shown, props)
  }
  return Object.assign(Deferred, { load })
}
