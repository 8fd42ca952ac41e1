import { Button, Textarea, TextInput } from '@mantine/core'
import { newStrategy, type Strategy } from '../../contracts/strategies'
import { Dialog, DialogActions } from '../ui/dialog'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { useCreateStrategy } from './use-strategies'

const described = newStrategy.pick({ name: true, strategy_type: true }).extend({
  description: newStrategy.shape.description.unwrap(),
})

interface NewStrategyDialogProps {
  isOpen: boolean
  onClose: () => void
  onDone: (strategy: Strategy) => void
}

export function NewStrategyDialog({ isOpen, onClose, onDone }: NewStrategyDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      title="New strategy"
      description="Parameters come with its first version from a script, or can be added later."
      onClose={onClose}
    >
      <NewStrategyForm onCancel={onClose} onDone={onDone} />
    </Dialog>
  )
}

function NewStrategyForm({ onCancel, onDone }: { onCancel: () => void; onDone: (strategy: Strategy) => void }) {
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: described,
    initialValues: { name: '', strategy_type: '', description: '' },
  })
  const create = useCreateStrategy()

  return (
    <form
      noValidate
      aria-label="New strategy"
      onSubmit={onSubmit((values) => create.mutate(values, { onError: showFailure, onSuccess: onDone }))}
    >
      <LiveNotice tone="bad">{message}</LiveNotice>
      <TextInput label="Name" key={form.key('name')} {...form.getInputProps('name')} />
      <TextInput
        label="Type"
        placeholder="momentum"
        key={form.key('strategy_type')}
        {...form.getInputProps('strategy_type')}
      />
      <Textarea
        label="Description"
        description="What it bets on, and why that should last."
        autosize
        minRows={3}
        maxRows={8}
        key={form.key('description')}
        {...form.getInputProps('description')}
      />
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Create
        </Button>
      </DialogActions>
    </form>
  )
}
