import { schemaResolver, useForm } from '@mantine/form'
import { useState } from 'react'
import type { z } from 'zod'
import type { ErrorCode } from '../../contracts/problem'
import { ApiError } from '../api'

interface ContractForm<Values> {
  contract: z.ZodType<unknown, Values>
  initialValues: Values
  /** Codes that are about one field although the server cannot say so in `errors`. */
  fieldOf?: Partial<Record<ErrorCode, keyof Values & string>>
}

/** A form that a contract validates: the same sentences whether this page or the server finds the fault. */
export function useContractForm<Values extends Record<string, string>>({
  contract,
  initialValues,
  fieldOf = {},
}: ContractForm<Values>) {
  const [message, setMessage] = useState<string | null>(null)
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues,
    validate: schemaResolver(contract as z.ZodType<unknown, Record<string, string>>, { sync: true }),
  })

  function focusFirst(fields: string[]) {
    const first = Object.keys(initialValues).find((field) => fields.includes(field))
    if (first) form.getInputNode(first)?.focus()
  }

  /** Puts every message of a failed request by the field it belongs to, and the rest above the form. */
  function showFailure(error: Error) {
    const byField: Record<string, string> = {}
    if (error instanceof ApiError) {
      for (const { field, message } of error.fields) if (field in initialValues) byField[field] ??= message
      const field = fieldOf[error.code]
      if (field) byField[field] = error.message
    }
    form.setErrors(byField)
    setMessage(Object.keys(byField).length > 0 ? null : error.message)
    focusFirst(Object.keys(byField))
  }

  return {
    form,
    message,
    setMessage,
    showFailure,
    onSubmit: (send: (values: Values) => void) =>
      form.onSubmit(
        (values) => {
          setMessage(null)
          send(values)
        },
        (errors) => focusFirst(Object.keys(errors)),
      ),
  }
}
