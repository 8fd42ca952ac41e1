import { PasteLinkForm } from './paste-link-form'

export function InvitationForm() {
  return (
    <PasteLinkForm
      name="Invitation"
      label="Invitation link"
      description="This server takes new accounts by invitation only. An administrator gives you the link."
    />
  )
}
