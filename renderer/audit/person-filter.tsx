import { TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { usePerson } from '../admin/use-people'
import { useSettled } from '../ui/use-settled'
import { usePeopleLike } from './use-audit'

const TYPING_MS = 250

interface PersonFilterProps {
  userId: string
  onChange: (userId: string | null) => void
}

/** One person, found by what is typed of their name or address. */
export function PersonFilter({ userId, onChange }: PersonFilterProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const list = useId()
  const { data: people = [] } = usePeopleLike(useSettled((typed ?? '').trim(), TYPING_MS))
  const chosen = useChosen(userId)
  const find = (text: string) => people.find(({ email }) => email === text.trim().toLowerCase())?.id ?? null

  return (
    <>
      <TextInput
        label="Person"
        placeholder="Name or e-mail address"
        list={list}
        autoComplete="off"
        maxLength={255}
        value={typed ?? chosen}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          const found = find(value)
          if (found) {
            setTyped(null)
            onChange(found)
          } else if (value.trim() === '' || userId !== '') onChange(null)
        }}
        onBlur={() => setTyped(null)}
      />
      <datalist id={list}>
        {people.map(({ id, name, email }) => (
          <option key={id} value={email}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  )
}

function useChosen(userId: string): string {
  const { data, error } = usePerson(userId)
  if (userId === '') return ''
  return data?.email ?? (error ? 'A deleted account' : '…')
}
