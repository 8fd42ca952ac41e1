import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figureFact, gateCheck, gatePolicy, statementFact } from '../../../contracts/gate-policy'
import { DEFAULT_POLICIES } from '../../../server/ledger/policies/defaults'
import { readPolicy, writePolicy } from '../../../server/ledger/policies/policy-text'
import { agrees } from '../../../server/quant/agreement'
import { type Evidence, evaluatePolicy, type Rule } from '../../../server/quant/gate'

const rule = (operator: Rule<'a'>['operator'], threshold: number | boolean): Rule<'a'> => ({
  id: 'r',
  fact: 'a',
  operator,
  threshold,
})
const verdictOf = (operator: Rule<'a'>['operator'], threshold: number | boolean, evidence: Evidence<'a'>) =>
  evaluatePolicy({ rules: [rule(operator, threshold)] }, evidence).checks[0]?.verdict

describe('a rule', () => {
  test.each([
    ['at_least', 1, 1, 'passed'],
    ['at_least', 1, 0.999, 'failed'],
    ['at_most', 1, 1, 'passed'],
    ['at_most', 1, 1.001, 'failed'],
    ['above', 1, 1, 'failed'],
    ['above', 1, 1.001, 'passed'],
    ['below', 1, 1, 'failed'],
    ['below', 1, 0.999, 'passed'],
    ['at_least', 0, 0, 'passed'],
    ['is', true, true, 'passed'],
    ['is', true, false, 'failed'],
    ['is', false, false, 'passed'],
    ['is', true, 1, 'inconclusive'],
    ['is', true, null, 'inconclusive'],
    ['at_least', 1, null, 'inconclusive'],
    ['at_least', 1, undefined, 'inconclusive'],
    ['at_least', 1, Number.NaN, 'inconclusive'],
    ['at_least', 1, Number.POSITIVE_INFINITY, 'inconclusive'],
    ['at_least', 0, true, 'inconclusive'],
    ['at_most', Number.NaN, 1, 'inconclusive'],
    ['is', 1, 1, 'inconclusive'],
  ] as const)('%s %s of %s: %s', (operator, threshold, value, verdict) => {
    expect(verdictOf(operator, threshold, { a: value as number })).toBe(verdict)
  })

  test('without any evidence is inconclusive, whatever it asks', () => {
    const operator = fc.constantFrom<Rule<'a'>['operator']>('at_least', 'at_most', 'above', 'below', 'is')
    fc.assert(
      fc.property(operator, fc.oneof(fc.double(), fc.boolean()), (asked, threshold) => {
        expect(verdictOf(asked, threshold, {})).toBe('inconclusive')
        expect(
          evaluatePolicy({ rules: [{ ...rule(asked, threshold), fact: 'toString' as 'a' }] }, {}).checks[0]?.value,
        ).toBeNull()
      }),
    )
  })
})

describe('a policy', () => {
  const three = ['passed', 'failed', 'inconclusive'] as const
  const evidenceFor = { passed: 1, failed: 0, inconclusive: null }

  test('passes only if every check does; one that fails outweighs one that is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...three), { maxLength: 6 }), (wanted) => {
        const rules = wanted.map((_, index) => ({
          id: `r${index}`,
          fact: `f${index}`,
          operator: 'at_least' as const,
          threshold: 1,
        }))
        const evidence = Object.fromEntries(wanted.map((each, index) => [`f${index}`, evidenceFor[each]]))
        const { checks, verdict } = evaluatePolicy({ rules }, evidence)

        expect(checks.map((check) => check.verdict)).toEqual(wanted)
        const expected = wanted.includes('failed')
          ? 'failed'
          : wanted.includes('inconclusive') || wanted.length === 0
            ? 'inconclusive'
            : 'passed'
        expect(verdict).toBe(expected)
      }),
    )
  })

  test('gives every check in order, with what was asked and what was found', () => {
    const { checks } = evaluatePolicy(DEFAULT_POLICIES.dev, { 'backtest.trade_count': 12 })

    expect(checks.map(({ id }) => id)).toEqual(DEFAULT_POLICIES.dev.rules.map(({ id }) => id))
    expect(checks[1]).toEqual({
      ...{
        id: 'trades',
        fact: 'backtest.trade_count',
        operator: 'at_least',
        threshold: 30,
        value: 12,
        verdict: 'failed',
      },
    })
    for (const check of checks) expect(gateCheck.parse(check)).toEqual(check)
  })
})

describe('the default policies', () => {
  const best = Object.fromEntries([
    ...figureFact.options.map((fact) => [fact, fact.includes('degradation') || fact.includes('shortfall') ? 0 : 1e6]),
    ...statementFact.options.map((fact) => [fact, true]),
  ])

  test.each(Object.entries(DEFAULT_POLICIES))(
    '%s is a valid policy of its gate, is written and read again, and can be passed',
    async (gate, policy) => {
      expect(gatePolicy.parse(policy)).toEqual(policy)
      expect(policy.gate).toBe(gate)
      expect(await readPolicy(await writePolicy(policy))).toEqual({ policy })
      expect(await readPolicy(JSON.stringify(policy))).toEqual({ policy })
      expect(evaluatePolicy(policy, best).verdict).toBe('passed')
      expect(evaluatePolicy(policy, {}).verdict).toBe('inconclusive')
    },
  )

  test.each(
    Object.values(DEFAULT_POLICIES).flatMap(({ gate, rules }) => rules.map(({ fact }) => [gate, fact] as const)),
  )('%s is not passed without %s', (gate, fact) => {
    expect(evaluatePolicy(DEFAULT_POLICIES[gate], { ...best, [fact]: null }).verdict).toBe('inconclusive')
  })
})

describe('a policy that somebody wrote', () => {
  const good =
    'format: 1\ngate: dev\ntitle: Ours\nrules:\n  - { id: sharpe, fact: backtest.sharpe_ratio, operator: above, threshold: 1.5 }\n'

  test('is read', async () => {
    expect(await readPolicy(good)).toEqual({
      policy: {
        ...{ format: 1, gate: 'dev', title: 'Ours' },
        rules: [{ id: 'sharpe', fact: 'backtest.sharpe_ratio', operator: 'above', threshold: 1.5 }],
      },
    })
  })

  test.each([
    ['no YAML', 'a: [', '', /./],
    ['a name twice', `${good}gate: crv\n`, '', /only once/],
    ['nothing', '', '', /./],
    ['another format', good.replace('format: 1', 'format: 2'), 'format', /./],
    ['an unknown gate', good.replace('dev', 'prod'), 'gate', /./],
    ['an unknown fact', good.replace('sharpe_ratio', 'luck'), 'rules.0.fact', /no such fact/],
    ['a threshold that is text', good.replace('1.5', 'high'), 'rules.0.threshold', /is a number/],
    ['a threshold that is not finite', good.replace('1.5', '.inf'), 'rules.0.threshold', /is a number/],
    [
      'a statement with a number',
      good.replace('backtest.sharpe_ratio', 'validation.passed'),
      'rules.0.fact',
      /holds or does not/,
    ],
    [
      'a number as a statement',
      good.replace('above, threshold: 1.5', 'is, threshold: true'),
      'rules.0.fact',
      /is a number/,
    ],
    [
      'a member nobody knows',
      `${good}extra: 1\n`,
      '',
      /^There is a field here that is not known: the fields are format, gate, /,
    ],
    ['no rules', 'format: 1\ngate: dev\ntitle: Ours\nrules: []\n', 'rules', /./],
    ['two rules of one id', `${good + good.split('\n')[4]}\n`, 'rules', /id of its own/],
    [
      'aliases that multiply',
      `a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      '',
      /./,
    ],
    ['more than anybody writes', good + '#'.repeat(70_000), '', /65536 characters/],
  ])('with %s is refused, and says where', async (_, text, field, message) => {
    const read = await readPolicy(text)

    expect(read).not.toHaveProperty('policy')
    expect('faults' in read && read.faults[0]).toMatchObject({ field, message: expect.stringMatching(message) })
  })
})

describe("a script's own figure", () => {
  test.each([
    [1.23456789, 1.23456789, true],
    [1.23456789, 1.2346, true],
    [1.23456789, 1.235, true],
    [1.23456789, 1.23, true],
    [1.23456789, 1.2345, false],
    [1.23456789, 1.24, false],
    [1.23456789, 1.2, false],
    [1.23456789, 1, false],
    [0.4, 0, false],
    [0.004, 0, true],
    [252_000.47, 252_000.5, true],
    [252_000.47, 252_000, true],
    [252_000.47, 252_010, false],
    [0.125, 0.13, true],
    [0.125, 0.12, true],
    [1.005, 1.01, true],
    [-0.2345, -0.23, true],
    [-0.2345, 0.23, false],
    [40, 40, true],
    [40, 41, false],
    [1e21, 1.0000000000001e21, true],
    [1.2345e-7, 1.2e-7, true],
    [1.2345e-7, 1.5e-7, false],
    [null, 0, false],
    [1, Number.NaN, false],
    [1, Number.POSITIVE_INFINITY, false],
  ])('ours is %d, theirs %d: %s', (ours, theirs, expected) => {
    expect(agrees(ours, theirs)).toBe(expected)
  })

  test('agrees however it is rounded to two decimals or more, and not when it is another', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (ours, decimals) => {
          expect(agrees(ours, Number(ours.toFixed(decimals)))).toBe(true)
          expect(agrees(ours, Number((ours + 2.1 * 10 ** -2 + Math.abs(ours) * 0.011).toFixed(decimals)))).toBe(false)
        },
      ),
    )
  })
})
