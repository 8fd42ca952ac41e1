import type { Transaction } from 'sequelize'
import type { Models } from '../../models'

const NAME = 'second_factor_required'
const YES = 'yes'
const NO = 'no'

export type Requirement = ReturnType<typeof createRequirement>

/** Whether everybody must have a second factor. Held in memory, so that no request asks the database for it. */
export function createRequirement({ ServerSetting }: Models, now: () => number) {
  let isRequired = false

  return {
    isRequired: () => isRequired,

    /** Takes over what this node, or another, has decided. */
    note(decided: boolean): void {
      isRequired = decided
    },

    async load(): Promise<void> {
      isRequired = (await ServerSetting.findByPk(NAME))?.value === YES
    },

    /** @returns whether it was otherwise before */
    async store(decided: boolean, transaction: Transaction): Promise<boolean> {
      const before = await ServerSetting.findByPk(NAME, { lock: true, transaction })
      const value = decided ? YES : NO
      await ServerSetting.upsert({ name: NAME, value, updatedAt: new Date(now()) }, { transaction })
      return (before?.value ?? NO) !== value
    },
  }
}
