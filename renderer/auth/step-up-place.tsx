import { Suspense, useState, useSyncExternalStore } from 'react'
import { StepUpDialog } from '../app/pages'
import { useServices } from '../app/services'

/** Where the question for a fresh proof appears. Its code is loaded when it is asked for, and the dialog then stays. */
export function StepUpPlace() {
  const { stepUp } = useServices()
  const isAsking = useSyncExternalStore(stepUp.subscribe, stepUp.isAsking)
  const [isNeeded, setNeeded] = useState(isAsking)
  if (isAsking && !isNeeded) setNeeded(true)
  return <Suspense fallback={null}>{isNeeded ? <StepUpDialog /> : null}</Suspense>
}
