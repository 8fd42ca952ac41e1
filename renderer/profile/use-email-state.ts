import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useServices } from '../app/services'
import { useSignedIn } from '../auth/use-session'

/** Under the account's key, so that it goes with the account when its owner signs out. */
const EMAIL_STATE = ['account', 'email-state']

/** Asked for again when the window is looked at: the links of a mail are followed elsewhere. */
export function useEmailState() {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  return useQuery({
    queryKey: [...EMAIL_STATE, user.id],
    queryFn: ({ signal }) => session.call((token) => api.emailState(token, signal)),
    refetchOnWindowFocus: true,
  })
}

/** What changes the address, or asks for it to be confirmed; what is shown of the account is asked for again. */
export function useEmailMutation<Input, Reply>(
  send: (token: string, input: Input) => Promise<Reply>,
  onDone?: (reply: Reply) => void,
) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => session.call((token) => send(token, input)),
    // Here and not where it is called: what called it may be gone once the account is read again.
    onSuccess: (reply) => onDone?.(reply),
    onSettled: () => queries.invalidateQueries({ queryKey: ['account'] }),
  })
}
