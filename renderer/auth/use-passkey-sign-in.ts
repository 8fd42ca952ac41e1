import { useMutation } from '@tanstack/react-query'
import { useServices } from '../app/services'
import { showPasskey } from './passkey-support'

/** @param challenge of a sign-in whose second step the passkey is; without one it signs in alone */
export function usePasskeySignIn(challenge: string | undefined, onError: (error: Error) => void) {
  const { api, session } = useServices()
  return useMutation({
    async mutationFn() {
      const options = await api.loginPasskeyOptions(challenge === undefined ? {} : { challenge })
      session.begin(await api.loginPasskey({ credential: await showPasskey(options) }))
    },
    onError,
  })
}
