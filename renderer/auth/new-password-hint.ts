import { PASSWORD_MIN_LENGTH } from '../../contracts/auth'

export const NEW_PASSWORD_HINT = `At least ${PASSWORD_MIN_LENGTH} characters. A few words with spaces are easy to remember and hard to guess.`
