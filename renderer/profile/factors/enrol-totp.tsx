import { Button } from '@mantine/core'
import { type FactorAdded, type TotpCodeRequest, type TotpEnrolment, totpCodeRequest } from '../../../contracts/factors'
import { useServices } from '../../app/services'
import { CodeField } from '../../ui/code-field'
import { CopyButton } from '../../ui/copy-button'
import { useContractForm } from '../../ui/form'
import { LiveNotice } from '../../ui/notice'
import { QrCode } from '../../ui/qr-code'
import styles from './factors.module.css'
import { useFactorChange } from './use-factors'

interface EnrolTotpProps {
  enrolment: TotpEnrolment
  onCancel: () => void
  onConfirmed: (added: FactorAdded) => void
}

/** The key for the app, and the first code back from it. */
export function EnrolTotp({ enrolment: { secret, uri }, onCancel, onConfirmed }: EnrolTotpProps) {
  const { api } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: totpCodeRequest,
    initialValues: { code: '' },
    fieldOf: { wrong_code: 'code' },
  })
  const confirm = useFactorChange(api.confirmTotp)
  const send = (values: TotpCodeRequest) => confirm.mutate(values, { onError: showFailure, onSuccess: onConfirmed })

  return (
    <ol className={styles.steps}>
      <li>
        <h3>Scan this with your authenticator app</h3>
        <div className={styles.scan}>
          <QrCode text={uri} label="QR code with the key for your authenticator app" />
          <div className={styles.key}>
            <p className={styles.lead}>Or type this key into it:</p>
            <code>{inGroups(secret)}</code>
            <CopyButton text={secret} what="key" />
          </div>
        </div>
      </li>
      <li>
        <h3>Enter the code that it shows</h3>
        <form noValidate className={styles.form} onSubmit={onSubmit(send)} aria-label="Confirm the authenticator app">
          <LiveNotice tone="bad">{message}</LiveNotice>
          <CodeField description={undefined} key={form.key('code')} {...form.getInputProps('code')} />
          <div className={styles.actions}>
            <Button type="submit" loading={confirm.isPending}>
              Confirm
            </Button>
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </div>
        </form>
      </li>
    </ol>
  )
}

/** Four letters at a time, as one reads them out. */
function inGroups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(' ')
}
